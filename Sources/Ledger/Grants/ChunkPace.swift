/// How many users the next chunks have: as many as were granted in the time that a write may be
/// kept waiting, and never more than the setting allows.
///
/// A chunk holds its users' balances until its commit, and a batch of writes waits for all of them.
/// The size follows the measured time by halves and by a quarter's growth, so that one slow commit
/// does not throw it away.
struct ChunkPace: Sendable {
    /// Half of the 50 ms that a write may wait for the grant.
    static let target = Duration.milliseconds(25)
    static let smallest = 50
    /// Where to begin: some 10 ms on a slow machine.
    private static let first = 500

    private let limit: Int
    private(set) var size: Int

    init(limit: Int) {
        self.limit = limit
        size = min(Self.first, limit)
    }

    mutating func took(_ time: Duration, users: Int) {
        if time > Self.target {
            size = max(min(Self.smallest, limit), min(size, users) / 2)
        } else if time < Self.target / 2, users >= size {
            size = min(limit, size + max(1, size / 4))
        }
    }
}
