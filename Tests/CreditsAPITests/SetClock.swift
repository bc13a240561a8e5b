import Synchronization

/// A clock that goes on when a test says so.
final class SetClock: Sendable {
    private let start = ContinuousClock.now
    private let passed = Atomic<Int64>(0)

    var now: @Sendable () -> ContinuousClock.Instant {
        { [self] in start + .milliseconds(passed.load(ordering: .sequentiallyConsistent)) }
    }

    func advance(by duration: Duration) {
        passed.add(Int64(duration / .milliseconds(1)), ordering: .sequentiallyConsistent)
    }
}
