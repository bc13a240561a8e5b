/// How many users the next chunks have, and how long to rest before the next: as many as are
/// granted in the time that a write may be kept waiting, never more than the setting allows.
///
/// A chunk holds its users' balances until its commit, and a batch of writes waits for all of them.
/// On a database where nobody else is at work large chunks are the faster ones. As soon as somebody
/// is, chunks are short, and each is followed by a rest as long as itself: half of the time at
/// least is the others'.
///
/// The size follows the measured time by halves and by a quarter's growth, so that one slow commit
/// does not throw it away.
struct ChunkPace: Sendable {
    /// Half of the 50 ms that a write may wait for the grant.
    static let target = Duration.milliseconds(25)
    /// Beside others: a few batches of writes.
    static let targetBesideOthers = Duration.milliseconds(4)
    static let smallest = 50
    /// Where to begin: some 5 ms on a slow machine.
    private static let first = 500

    private let limit: Int
    private(set) var size: Int
    private(set) var rest = Duration.zero

    init(limit: Int) {
        self.limit = limit
        size = min(Self.first, limit)
    }

    /// - Parameter othersAtWork: whether another session of the database was, at the chunk's end.
    mutating func took(_ time: Duration, users: Int, othersAtWork: Bool) {
        let target = othersAtWork ? Self.targetBesideOthers : Self.target
        rest = othersAtWork ? min(time, Self.target) : .zero
        if time > target {
            size = max(min(Self.smallest, limit), min(size, users) / 2)
        } else if time < target / 2, users >= size {
            size = min(limit, size + max(1, size / 4))
        }
    }
}
