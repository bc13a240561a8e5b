// Theory of operation
//
// The decider of the pool: events in, actions out, no clock, no connection. A connection is being
// opened, idle or borrowed, and these together never exceed the size. A borrower gets the idle
// connection that was used last (so that the others can age), or waits in line while connections
// are opened for those who wait; who gives way waits behind all who do not. When opening fails, the
// database counts as down. From then on only one try at a time is made, each after a longer delay,
// whether anybody asks or not, and as long as no connection lives, borrowers are refused at once
// instead of being kept waiting for what will not come. One success ends that. A connection that
// comes back unclean is closed, and its place is free.

/// Decides who gets which connection, and when one is opened or closed.
struct PoolState {
    typealias ConnectionID = UInt64
    typealias BorrowerID = UInt64

    enum Refusal: Equatable { case closed, unreachable, waitedTooLong }

    enum Action: Equatable {
        /// `isStale`: unused for so long that it should be asked before it is relied on.
        case lend(ConnectionID, to: BorrowerID, isStale: Bool)
        case refuse(BorrowerID, Refusal)
        case open
        case retry(after: Duration)
        case close(ConnectionID)
        /// Shut down, and everything has come back.
        case ended
    }

    private struct Idle {
        let id: ConnectionID
        let since: ContinuousClock.Instant
    }

    private let settings: PoolSettings
    private var backoff: Backoff
    private var idle: [Idle] = []
    private var borrowed: Set<ConnectionID> = []
    private var opening = 0
    private var waiting = WaitingLine()
    private var isDown = false
    private var isRetryScheduled = false
    private(set) var isClosing = false

    init(settings: PoolSettings) {
        self.settings = settings
        backoff = settings.backoff
    }

    var counts: PoolCounts {
        PoolCounts(
            idle: idle.count, borrowed: borrowed.count, opening: opening, waiting: waiting.count)
    }

    private var total: Int { idle.count + borrowed.count + opening }

    // MARK: Borrowers

    mutating func borrow(
        _ borrower: BorrowerID, givingWay: Bool = false, now: ContinuousClock.Instant
    ) -> [Action] {
        if isClosing { return [.refuse(borrower, .closed)] }
        if let last = idle.popLast() {
            borrowed.insert(last.id)
            let isStale = last.since.duration(to: now) >= settings.idleCheckAfter
            return [.lend(last.id, to: borrower, isStale: isStale)]
        }
        if isDown, borrowed.isEmpty { return [.refuse(borrower, .unreachable)] }
        waiting.append(borrower, givingWay: givingWay)
        return openForWaiting()
    }

    mutating func giveBack(
        _ id: ConnectionID, isClean: Bool, now: ContinuousClock.Instant
    ) -> [Action] {
        precondition(borrowed.remove(id) != nil, "a connection came back that was not lent")
        if isClosing { return [.close(id)] + endIfEmpty() }
        if isClean { return offer(id, now: now) }
        return [.close(id)] + openForWaiting() + refuseIfHopeless()
    }

    mutating func waitLimitReached(_ borrower: BorrowerID) -> [Action] {
        leave(borrower) ? [.refuse(borrower, .waitedTooLong)] : []
    }

    /// A borrower does not wait any more. False when it had ceased to before.
    mutating func leave(_ borrower: BorrowerID) -> Bool {
        waiting.remove(borrower)
    }

    // MARK: Connections

    mutating func opened(_ id: ConnectionID, now: ContinuousClock.Instant) -> [Action] {
        opening -= 1
        if isClosing { return [.close(id)] + endIfEmpty() }
        isDown = false
        backoff.reset()
        return offer(id, now: now) + openForWaiting()
    }

    mutating func openingFailed(jitter: Double) -> [Action] {
        opening -= 1
        if isClosing { return endIfEmpty() }
        isDown = true
        guard opening == 0 else { return [] }
        return scheduleRetry(jitter: jitter) + refuseIfHopeless()
    }

    mutating func retryIsDue() -> [Action] {
        isRetryScheduled = false
        guard isDown, !isClosing else { return [] }
        guard total < settings.size else {
            // All connections live: the next need finds out by itself.
            isDown = false
            return []
        }
        opening += 1
        return [.open]
    }

    /// A connection ended by itself. False when it is borrowed: then it comes back in its own time.
    mutating func lost(_ id: ConnectionID) -> Bool {
        guard let index = idle.firstIndex(where: { $0.id == id }) else { return false }
        idle.remove(at: index)
        return true
    }

    /// A stale connection turned out to be dead: so are, most likely, the others.
    mutating func closeIdle() -> [Action] {
        defer { idle = [] }
        return idle.map { .close($0.id) }
    }

    mutating func sweep(now: ContinuousClock.Instant) -> [Action] {
        let old = idle.filter { $0.since.duration(to: now) >= settings.idleLifetime }
        idle.removeAll { $0.since.duration(to: now) >= settings.idleLifetime }
        return old.map { .close($0.id) }
    }

    mutating func shutDown() -> [Action] {
        guard !isClosing else { return endIfEmpty() }
        isClosing = true
        let refused = waiting.removeAll().map { Action.refuse($0, .closed) }
        return refused + closeIdle() + endIfEmpty()
    }

    // MARK: Steps

    private mutating func offer(_ id: ConnectionID, now: ContinuousClock.Instant) -> [Action] {
        guard let next = waiting.popFirst() else {
            idle.append(Idle(id: id, since: now))
            return []
        }
        borrowed.insert(id)
        return [.lend(id, to: next, isStale: false)]
    }

    private mutating func openForWaiting() -> [Action] {
        guard !isDown else { return [] }
        let wanted = min(waiting.count - opening, settings.size - total)
        guard wanted > 0 else { return [] }
        opening += wanted
        return Array(repeating: .open, count: wanted)
    }

    private mutating func scheduleRetry(jitter: Double) -> [Action] {
        guard !isRetryScheduled else { return [] }
        isRetryScheduled = true
        return [.retry(after: backoff.delayAfterFailure(jitter: jitter))]
    }

    /// Whoever waits can only be served by a connection that lives.
    private mutating func refuseIfHopeless() -> [Action] {
        guard isDown, borrowed.isEmpty, idle.isEmpty else { return [] }
        return waiting.removeAll().map { .refuse($0, .unreachable) }
    }

    private func endIfEmpty() -> [Action] {
        borrowed.isEmpty && opening == 0 ? [.ended] : []
    }
}
