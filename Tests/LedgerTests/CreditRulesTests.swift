import Testing

@testable import Ledger

/// One command put to the rules, and what must come of it.
struct RuleCase: CustomTestStringConvertible, Sendable {
    let name: String
    var ada: Int64? = 100
    var grace: Int64? = 50
    let change: Change
    var key: String?
    let outcome: Outcome
    /// The kinds and amounts of the entries that it makes.
    var entries: [(kind: EntryKind, amount: Int64)] = []

    var testDescription: String { name }

    func check() {
        var rules = rules(rulesState(ada: ada, grace: grace))

        let decided = rules.decide(
            Command(
                user: LedgerTests.ada, change: change,
                idempotencyKey: key.map { LedgerTests.key($0) }))

        #expect(decided == outcome)
        #expect(rules.entries.map(\.kind) == entries.map(\.kind))
        #expect(rules.entries.map(\.amount) == entries.map(\.amount))
    }
}

@Suite("Ledger rules: one command")
struct CreditRulesTests {
    static let cases: [RuleCase] = [
        RuleCase(
            name: "adding raises the balance", change: add(5),
            outcome: .applied(receipt(105)), entries: [(.add, 5)]),
        RuleCase(
            name: "deducting lowers it", change: deduct(5),
            outcome: .applied(receipt(95)), entries: [(.deduct, -5)]),
        RuleCase(
            name: "the whole balance can be spent", change: deduct(100),
            outcome: .applied(receipt(0)), entries: [(.deduct, -100)]),
        RuleCase(
            name: "one more than the balance cannot", change: deduct(101),
            outcome: .insufficientCredits(available: 100, requested: 101)),
        RuleCase(
            name: "nothing can be spent of nothing", ada: 0, change: deduct(1),
            outcome: .insufficientCredits(available: 0, requested: 1)),
        RuleCase(
            name: "a reset takes all", change: .reset,
            outcome: .applied(receipt(0)), entries: [(.reset, -100)]),
        RuleCase(
            name: "a reset of nothing is an entry of 0", ada: 0, change: .reset,
            outcome: .applied(receipt(0)), entries: [(.reset, 0)]),
        RuleCase(
            name: "the upper limit itself can be reached", ada: upperLimit - 5, change: add(5),
            outcome: .applied(receipt(upperLimit)), entries: [(.add, 5)]),
        RuleCase(
            name: "the upper limit cannot be passed", ada: upperLimit - 5, change: add(6),
            outcome: .balanceLimitReached(available: 5, requested: 6)),
        RuleCase(
            name: "a key's first use is applied", change: add(5), key: "new",
            outcome: .applied(receipt(105)), entries: [(.add, 5)]),
        RuleCase(
            name: "the same request under its key is replayed", change: add(7), key: "add-7",
            outcome: .replayed(Earlier.added.receipt)),
        RuleCase(
            name: "another amount under the key is refused", change: add(8), key: "add-7",
            outcome: .keyReused(differing: "amount")),
        RuleCase(
            name: "another kind under the key is refused", change: deduct(7), key: "add-7",
            outcome: .keyReused(differing: "kind")),
    ]

    @Test("what each change does", arguments: cases)
    func decidesOneCommand(_ row: RuleCase) { row.check() }

    @Test("reason and metadata are part of the request that a key stands for")
    func comparesAnnotations() {
        let first = Command(
            user: ada, change: add(7), reason: Reason("arti\u{E9}"), metadata: Metadata(json: "{}"),
            idempotencyKey: key("k"))
        let rows: [(Command, Outcome)] = [
            (first, .replayed(receipt(107))),
            (first.with(reason: nil), .keyReused(differing: "reason")),
            (first.with(reason: Reason("artie\u{301}")), .keyReused(differing: "reason")),
            (first.with(metadata: Metadata(json: "[]")), .keyReused(differing: "metadata")),
        ]
        for (second, expected) in rows {
            var rules = rules()
            #expect(rules.decide(first) == .applied(receipt(107)))
            #expect(rules.decide(second) == expected)
            #expect(rules.entries.count == 1)
        }
    }

    @Test("a refused command stores nothing, so its key may be tried again in the same batch")
    func retriesRefusedKey() {
        let spend = Command(user: ada, change: deduct(150), idempotencyKey: key("spend"))
        var rules = rules()

        #expect(rules.decide(spend) == .insufficientCredits(available: 100, requested: 150))
        #expect(rules.decide(Command(user: ada, change: add(50))) == .applied(receipt(150)))
        #expect(rules.decide(spend) == .applied(receipt(0, id: 72)))
        #expect(rules.decide(spend) == .replayed(receipt(0, id: 72)))
    }

    @Test("an entry is never dated before the one that it follows")
    func keepsTimeMonotonic() {
        let tomorrow = Timestamp(
            microsecondsSinceUnixEpoch: noon.microsecondsSinceUnixEpoch + 86_400_000_000)
        var rules = rules(rulesState(lastUpdated: tomorrow))

        _ = rules.decide(Command(user: ada, change: add(1)))
        _ = rules.decide(Command(user: ada, change: transfer(1)))

        #expect(rules.entries.map(\.createdAt) == [tomorrow, tomorrow, tomorrow])
    }

    @Test("a batch changes each user's balance once, in the order of their ids")
    func foldsBalances() {
        var rules = rules()

        for command in [
            Command(user: grace, change: add(10)), Command(user: ada, change: add(5)),
            Command(user: grace, change: deduct(4)),
        ] { _ = rules.decide(command) }

        #expect(rules.changedBalances.map(\.user) == [ada, grace])
        #expect(rules.changedBalances.map(\.balanceAfter) == [105, 56])
        #expect(rules.changedBalances.map(\.transactionID) == [72, 73])
    }
}

extension Command {
    fileprivate func with(reason: Reason?) -> Command {
        Command(
            user: user, change: change, reason: reason, metadata: metadata,
            idempotencyKey: idempotencyKey)
    }

    fileprivate func with(metadata: Metadata?) -> Command {
        Command(
            user: user, change: change, reason: reason, metadata: metadata,
            idempotencyKey: idempotencyKey)
    }
}
