import Dispatch

/// The one Dispatch timer of a loop: stands for the earliest action while the loop rests. It may
/// fire for an action that has been cancelled, but never too late. Belongs to its loop.
struct RestTimer {
    private var source: (any DispatchSourceTimer)?
    private var deadline: ContinuousClock.Instant?

    /// Has `wakeUp` called on `queue` at `earliest`, unless it will be called before that anyway.
    mutating func cover(
        _ earliest: ContinuousClock.Instant, now: ContinuousClock.Instant, on queue: DispatchQueue,
        wakeUp: @escaping @Sendable () -> Void
    ) {
        if let deadline, deadline <= earliest { return }
        deadline = earliest
        let source = source ?? makeSource(on: queue, wakeUp: wakeUp)
        let remaining = now.duration(to: earliest)
        source.schedule(deadline: .now() + .nanoseconds(remaining.wholeNanoseconds))
    }

    /// To be told when it called: it does not call again by itself.
    mutating func fired() {
        deadline = nil
    }

    mutating func cancel() {
        source?.cancel()
        source = nil
    }

    private mutating func makeSource(
        on queue: DispatchQueue, wakeUp: @escaping @Sendable () -> Void
    ) -> any DispatchSourceTimer {
        let source = DispatchSource.makeTimerSource(queue: queue)
        source.setEventHandler(handler: wakeUp)
        source.activate()
        self.source = source
        return source
    }
}

extension Duration {
    /// Rounded down; the longest that fits where it is too long.
    fileprivate var wholeNanoseconds: Int {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return .max }
        let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return sumOverflow ? .max : Int(sum)
    }
}
