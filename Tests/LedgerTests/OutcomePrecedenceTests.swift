import Testing

@testable import Ledger

/// Commands of which two outcomes are true at once: the earlier case of `Outcome` is the answer.
@Suite("Ledger rules: precedence")
struct OutcomePrecedenceTests {
    static let rungs: [RuleCase] = [
        RuleCase(
            name: "a missing user before a reused key", ada: nil, change: add(8), key: "add-7",
            outcome: .userNotFound),
        RuleCase(
            name: "a missing user before a replay", ada: nil, change: add(7), key: "add-7",
            outcome: .userNotFound),
        RuleCase(
            name: "a missing sender before a missing recipient", ada: nil,
            change: transfer(1, to: nobody), outcome: .userNotFound),
        RuleCase(
            name: "a reused key before a transfer to oneself", change: transfer(7, to: ada),
            key: "add-7", outcome: .keyReused(differing: "kind")),
        RuleCase(
            name: "a reused key before too few credits", change: deduct(999), key: "add-7",
            outcome: .keyReused(differing: "kind")),
        RuleCase(
            name: "another recipient before another amount", change: transfer(21, to: nobody),
            key: "send-20", outcome: .keyReused(differing: "to")),
        RuleCase(
            name: "a replay before a recipient who is gone", change: transfer(30, to: nobody),
            key: "send-30", outcome: .replayed(Earlier.sentAway.receipt)),
        RuleCase(
            name: "a replay before an entry that it reversed itself", change: .reversal(of: 12),
            key: "undo-12", outcome: .replayed(Earlier.reversal.receipt)),
        RuleCase(
            name: "a replay before too few credits", ada: 0, change: transfer(20), key: "send-20",
            outcome: .replayed(Earlier.sent.receipt)),
        RuleCase(
            name: "a replay before the upper limit", ada: upperLimit, change: add(7), key: "add-7",
            outcome: .replayed(Earlier.added.receipt)),
        RuleCase(
            name: "a transfer to oneself before too few credits", change: transfer(101, to: ada),
            outcome: .transferToSelf),
        RuleCase(
            name: "a transfer to oneself before the upper limit", ada: upperLimit,
            change: transfer(1, to: ada), outcome: .transferToSelf),
        RuleCase(
            name: "a missing recipient before too few credits",
            change: transfer(101, to: nobody), outcome: .recipientNotFound),
        RuleCase(
            name: "a missing entry before too few credits", ada: 0, change: .reversal(of: 99),
            outcome: .transactionNotFound),
        RuleCase(
            name: "an irreversible kind before an earlier reversal", change: .reversal(of: 22),
            outcome: .notReversible(.transferIn)),
        RuleCase(
            name: "an irreversible kind before too few credits", ada: 0, change: .reversal(of: 14),
            outcome: .notReversible(.transferIn)),
        RuleCase(
            name: "an earlier reversal before too few credits", change: .reversal(of: 21),
            outcome: .alreadyReversed(by: 24)),
        RuleCase(
            name: "too few credits before the recipient's limit", grace: upperLimit,
            change: transfer(101), outcome: .insufficientCredits(available: 100, requested: 101)),
    ]

    @Test("the earlier outcome is the answer", arguments: rungs)
    func answersWithTheEarlierOutcome(_ row: RuleCase) { row.check() }

    @Test("the table has every outcome but the last")
    func isComplete() {
        let named = Set(Self.rungs.map { $0.outcome.rung })
        #expect(named.union([9, 10, 11]) == Set(0...11))
    }
}

extension Outcome {
    /// Its place in the order; without a default, so that a new case has to be placed.
    fileprivate var rung: Int {
        switch self {
        case .userNotFound: 0
        case .keyReused: 1
        case .replayed: 2
        case .transferToSelf: 3
        case .recipientNotFound: 4
        case .transactionNotFound: 5
        case .notReversible: 6
        case .alreadyReversed: 7
        case .insufficientCredits: 8
        // Nothing comes after these but success.
        case .balanceLimitReached: 9
        case .recipientLimitReached: 10
        case .applied: 11
        }
    }
}
