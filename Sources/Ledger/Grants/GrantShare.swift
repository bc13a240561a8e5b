/// The share of the time that a grant works in while others are at work: as much as leaves clients'
/// writes about as quick as they are without it.
///
/// Theory of operation: the times of some rounds of writes are one look. As long as they are about
/// what is usual, the share grows by a step; where they are markedly longer, or a single one was
/// late, it falls to the least. There the grant is hardly felt, so that what is usual is measured
/// again and again without it: it follows shorter times quickly, and longer ones slowly, since
/// these may be the grant's own doing or the clients'. A sawtooth, then, whose teeth are as long as
/// the machine has room.
///
/// The least is not nothing: a day ends, whatever else goes on.
struct GrantShare: Sendable {
    static let least = 1.0 / 16
    static let most = 1.0 / 2
    /// Until something is known of writes, and where all of them are another instance's.
    static let unseen = 1.0 / 8
    static let step = 1.0 / 32
    static let roundsALook = 16
    /// Times what is usual.
    static let tolerated = 1.5
    private static let usuallyLate = RoundTimes.lateAfter / .microseconds(1) / 2

    private(set) var value = unseen
    private var seen: RoundTimes.Reading
    /// Microseconds a round.
    private var usual: Double?

    init(since start: RoundTimes.Reading) {
        seen = start
    }

    mutating func look(at times: RoundTimes.Reading) {
        let rounds = times.rounds - seen.rounds
        // Where rounds are usually about that long, as on a slow disk, one tells nothing.
        let hasLate = times.late > seen.late && usual ?? 0 < Self.usuallyLate
        guard rounds >= Self.roundsALook || hasLate && rounds > 0 else { return }
        let mean = Double(times.microseconds - seen.microseconds) / Double(rounds)
        seen = times
        let usual = self.usual ?? mean
        let isFelt = hasLate || mean > usual * Self.tolerated
        value = isFelt ? Self.least : min(Self.most, value + Self.step)
        self.usual = mean < usual ? usual + (mean - usual) / 4 : min(mean, usual * 1.005)
    }
}
