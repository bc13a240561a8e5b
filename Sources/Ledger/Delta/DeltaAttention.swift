/// Whether a round asks for those, too, whose balances it does not change: who is new, and who is
/// refused. To ask costs a small round a sixth of its time; not to have asked costs those who are
/// met the long way. So it is asked for some rounds after somebody was met.
struct DeltaAttention {
    private let rounds: Int
    private var roundsLeft: Int

    /// - Parameter rounds: They could save about what one request loses.
    init(rounds: Int = 32) {
        (self.rounds, roundsLeft) = (rounds, rounds)
    }

    var isPaid: Bool { roundsLeft > 0 }

    mutating func note(hasMet: Bool) {
        roundsLeft = hasMet ? rounds : max(0, roundsLeft - 1)
    }
}
