/// How many users the next chunks have, and how long to rest before the next: as many as are
/// granted in the time that a write may be kept waiting, never more than the setting allows.
///
/// A chunk holds its users' balances until its commit, and a batch of writes waits for all of them.
/// On a database where nobody else is at work large chunks are the faster ones. As soon as somebody
/// is, chunks are short, and each is followed by a rest, so long that the grant works for its share
/// of the time.
///
/// The size follows the measured time by halves and by a quarter's growth, so that one slow commit
/// does not throw it away.
struct ChunkPace: Sendable {
    /// Half of the 50 ms that a write may wait for the grant.
    static let target = Duration.milliseconds(25)
    /// Beside others: a few batches of writes.
    static let targetBesideOthers = Duration.milliseconds(4)
    /// Of fewer users a commit would be most of the time, and a day on a slow disk would be long.
    static let smallest = 200
    /// A chunk that takes longer beside others has waited itself: for a lock, or the disk.
    static let longestBusy = Duration.milliseconds(10)
    /// Where to begin: some 5 ms on a slow machine.
    private static let first = 500

    private let limit: Int
    private(set) var size: Int
    private(set) var rest = Duration.zero
    private var isAlone = true
    private var share: GrantShare
    private var writes: RoundTimes.Reading

    /// - Parameter writes: those of this process's clients until now.
    init(limit: Int, writes: RoundTimes.Reading) {
        self.limit = limit
        self.writes = writes
        share = GrantShare(since: writes)
        size = min(Self.first, limit)
    }

    /// A chunk was granted.
    ///
    /// - Parameters:
    ///   - othersAtWork: whether another session of the database was, at the chunk's end.
    ///   - writes: those of this process's clients until now.
    mutating func took(
        _ time: Duration, users: Int, othersAtWork: Bool, writes: RoundTimes.Reading
    ) {
        rest(after: time, othersAtWork: othersAtWork, writes)
        let target = isAlone ? Self.target : Self.targetBesideOthers
        if time > target {
            size = max(min(Self.smallest, limit), min(size, users) / 2)
        } else if time < target / 2, users >= size {
            size = min(limit, size + max(1, size / 4))
        }
    }

    /// Users were held against entries; whether another session was at work is not asked again.
    mutating func looked(for time: Duration, writes: RoundTimes.Reading) {
        rest(after: time, othersAtWork: !isAlone, writes)
    }

    private mutating func rest(
        after time: Duration, othersAtWork: Bool, _ writes: RoundTimes.Reading
    ) {
        isAlone = !othersAtWork && writes.rounds == self.writes.rounds
        self.writes = writes
        share.look(at: writes)
        rest = isAlone ? .zero : min(time, Self.longestBusy) * (1 / share.value - 1)
    }
}
