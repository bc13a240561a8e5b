/// When a running grant is worth a line in the log: every ten seconds.
struct GrantProgressReport: Sendable {
    private static let pause = Duration.seconds(10)

    private let expectedUsers: Int64
    private var last = ContinuousClock.now

    init(expectedUsers: Int64) {
        self.expectedUsers = max(1, expectedUsers)
    }

    /// The share that is done, in percent, where it is time to tell it.
    mutating func isDue(users: Int64, now: ContinuousClock.Instant = .now) -> Int64? {
        guard now - last >= Self.pause else { return nil }
        last = now
        return min(100, users * 100 / expectedUsers)
    }
}
