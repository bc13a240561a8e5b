/// How long to leave an unreachable database alone before the next try: twice as long after each
/// failure, up to a limit, and spread out, so that many instances do not come back all at once.
package struct Backoff: Sendable {
    /// A failover or a restart may be over within this time.
    package var first: Duration = .milliseconds(100)
    /// What a database that is back may have to wait for us.
    package var limit: Duration = .seconds(5)
    private(set) var failures = 0

    package init() {}

    /// - Parameter jitter: a random number of 0 ..< 1, for a delay between half and all of its due.
    mutating func delayAfterFailure(jitter: Double) -> Duration {
        precondition((0..<1).contains(jitter), "jitter outside 0 ..< 1")
        // Beyond 2^20 every limit is reached, and shifts must not overflow.
        let due = min(first * (1 << min(failures, 20)), limit)
        failures += 1
        return due * (0.5 + jitter / 2)
    }

    mutating func reset() {
        failures = 0
    }
}
