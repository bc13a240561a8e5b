import Synchronization

/// How long the rounds of clients' writes took, since the process began: what a grant goes by, to
/// see what it does to them.
package final class RoundTimes: Sendable {
    /// What was recorded until a moment.
    struct Reading: Hashable, Sendable {
        var rounds = 0
        var microseconds = 0
        /// Rounds that took longer than `lateAfter`.
        var late = 0
    }

    /// Half of the 50 ms that a write may wait for a grant.
    static let lateAfter = Duration.milliseconds(25)

    private let rounds = Atomic<Int>(0)
    private let microseconds = Atomic<Int>(0)
    private let late = Atomic<Int>(0)

    package init() {}

    func timing<Answers>(
        by now: () -> ContinuousClock.Instant, _ round: () async -> Answers
    ) async -> Answers {
        let start = now()
        let answers = await round()
        record(now() - start)
        return answers
    }

    func record(_ time: Duration) {
        rounds.wrappingAdd(1, ordering: .relaxed)
        microseconds.wrappingAdd(Int(time / .microseconds(1)), ordering: .relaxed)
        if time > Self.lateAfter { late.wrappingAdd(1, ordering: .relaxed) }
    }

    /// A round that ends meanwhile may be in one number and not yet in another.
    var reading: Reading {
        Reading(
            rounds: rounds.load(ordering: .relaxed),
            microseconds: microseconds.load(ordering: .relaxed),
            late: late.load(ordering: .relaxed))
    }
}
