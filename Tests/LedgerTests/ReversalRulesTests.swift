import Testing

@testable import Ledger

@Suite("Ledger rules: reversals")
struct ReversalRulesTests {
    static let cases: [RuleCase] = [
        reversal("an addition is taken back", of: Reversed.added, to: 60),
        reversal("a deduction is given back", of: Reversed.deducted, to: 140),
        reversal("a daily grant is taken back", of: Reversed.granted, to: 95),
        reversal("an opening balance is taken back", of: Reversed.opening, to: 40),
        reversal("a change past the service is undone", of: Reversed.external, to: 160),
        reversal("a reset of nothing is undone by an entry of 0", of: Reversed.emptyReset, to: 100),
        RuleCase(
            name: "an addition that was spent since cannot be taken back", ada: 39,
            change: .reversal(of: 10),
            outcome: .insufficientCredits(available: 39, requested: 40)),
        RuleCase(
            name: "a deduction that no longer fits cannot be given back", ada: upperLimit - 39,
            change: .reversal(of: 11), outcome: .balanceLimitReached(available: 39, requested: 40)),
        RuleCase(
            name: "an entry that the user does not have is not found", change: .reversal(of: 99),
            outcome: .transactionNotFound),
        RuleCase(
            name: "an entry is reversed once", change: .reversal(of: 12),
            outcome: .alreadyReversed(by: 13)),
        RuleCase(
            name: "a reversal is not reversible", change: .reversal(of: 13),
            outcome: .notReversible(.reversal)),
        RuleCase(
            name: "a transfer is not reversible by its sender", change: .reversal(of: 5),
            outcome: .notReversible(.transferOut)),
        RuleCase(
            name: "nor by its recipient", change: .reversal(of: 14),
            outcome: .notReversible(.transferIn)),
        RuleCase(
            name: "the same reversal under its key is replayed", change: .reversal(of: 12),
            key: "undo-12", outcome: .replayed(Earlier.reversal.receipt)),
        RuleCase(
            name: "another entry under the key is refused", change: .reversal(of: 10),
            key: "undo-12", outcome: .keyReused(differing: "transaction_id")),
        RuleCase(
            name: "a reversal under another write's key is refused", change: .reversal(of: 10),
            key: "add-7", outcome: .keyReused(differing: "kind")),
    ]

    private static func reversal(
        _ name: String, of reversed: LedgerEntry, to credits: Int64
    ) -> RuleCase {
        RuleCase(
            name: name, change: .reversal(of: reversed.transactionID),
            outcome: .applied(receipt(credits, related: reversed.reference)),
            entries: [(.reversal, -reversed.amount)])
    }

    @Test("what a reversal does", arguments: cases)
    func decidesReversal(_ row: RuleCase) { row.check() }

    @Test("of two reversals of an entry in one batch, the second finds it reversed")
    func reversesOnceInABatch() {
        var rules = rules()

        #expect(rules.decide(Command(user: ada, change: .reversal(of: 10))).receipt?.credits == 60)
        let second = rules.decide(Command(user: ada, change: .reversal(of: 10)))

        #expect(second == .alreadyReversed(by: 71))
    }

    @Test("another user's entry is not found")
    func keepsToTheUser() {
        var rules = rules()
        let outcome = rules.decide(Command(user: grace, change: .reversal(of: 10)))
        #expect(outcome == .transactionNotFound)
    }

    @Test("an entry of the same batch can be reversed")
    func reversesFreshEntry() {
        var rules = rules()
        _ = rules.decide(Command(user: ada, change: add(5)))

        let outcome = rules.decide(Command(user: ada, change: .reversal(of: 71)))

        #expect(outcome == .applied(receipt(100, id: 72, related: entry(ada, 71))))
    }

    @Test("every kind is either reversible or undone in another way", arguments: EntryKind.allCases)
    func knowsEveryKind(_ kind: EntryKind) {
        let irreversible: Set<EntryKind> = [.transferOut, .transferIn, .reversal]
        #expect(kind.isReversible == !irreversible.contains(kind))
    }
}
