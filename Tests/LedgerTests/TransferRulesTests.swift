import Testing

@testable import Ledger

@Suite("Ledger rules: transfers")
struct TransferRulesTests {
    static let cases: [RuleCase] = [
        RuleCase(
            name: "a transfer makes an entry on each side", change: transfer(30),
            outcome: .applied(receipt(70, related: entry(grace, 72))),
            entries: [(.transferOut, -30), (.transferIn, 30)]),
        RuleCase(
            name: "the whole balance can be sent", change: transfer(100),
            outcome: .applied(receipt(0, related: entry(grace, 72))),
            entries: [(.transferOut, -100), (.transferIn, 100)]),
        RuleCase(
            name: "one more than the balance cannot", change: transfer(101),
            outcome: .insufficientCredits(available: 100, requested: 101)),
        RuleCase(
            name: "the recipient's upper limit can be reached", grace: upperLimit - 30,
            change: transfer(30), outcome: .applied(receipt(70, related: entry(grace, 72))),
            entries: [(.transferOut, -30), (.transferIn, 30)]),
        RuleCase(
            name: "the recipient's upper limit cannot be passed", grace: upperLimit - 29,
            change: transfer(30), outcome: .recipientLimitReached(available: 29, requested: 30)),
        RuleCase(
            name: "the same transfer under its key is replayed", change: transfer(20),
            key: "send-20", outcome: .replayed(Earlier.sent.receipt)),
        RuleCase(
            name: "another recipient under the key is refused",
            change: transfer(20, to: userID(3)), key: "send-20",
            outcome: .keyReused(differing: "to")),
        RuleCase(
            name: "another amount under the key is refused", change: transfer(21), key: "send-20",
            outcome: .keyReused(differing: "amount")),
        RuleCase(
            name: "a deduction under a transfer's key is refused", change: deduct(20),
            key: "send-20", outcome: .keyReused(differing: "kind")),
    ]

    @Test("what a transfer does", arguments: cases)
    func decidesTransfer(_ row: RuleCase) { row.check() }

    @Test("the two entries name each other, and only the sender's has the key")
    func linksEntries() throws {
        var rules = rules()

        _ = rules.decide(
            Command(
                user: ada, change: transfer(30), reason: Reason("lunch"),
                metadata: Metadata(json: "{}"), idempotencyKey: key("lunch-1")))

        let (sent, received) = (try #require(rules.entries.first), try #require(rules.entries.last))
        #expect([sent.user, received.user] == [ada, grace])
        #expect([sent.balanceAfter, received.balanceAfter] == [70, 80])
        #expect([sent.related, received.related] == [received.reference, sent.reference])
        #expect([sent.idempotencyKey, received.idempotencyKey] == [key("lunch-1"), nil])
        #expect([sent.reason, received.reason] == [Reason("lunch"), Reason("lunch")])
        #expect(sent.metadata == received.metadata)
    }

    @Test("the recipient may use the sender's key for a write of his own")
    func scopesKeyToSender() {
        var rules = rules()
        _ = rules.decide(Command(user: ada, change: transfer(30), idempotencyKey: key("k")))

        let outcome = rules.decide(
            Command(user: grace, change: deduct(80), idempotencyKey: key("k")))

        #expect(outcome.receipt?.credits == 0)
        #expect(rules.entries.map(\.transactionID) == [71, 72, 73])
    }
}
