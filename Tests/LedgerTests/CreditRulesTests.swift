import Testing

@testable import Ledger

/// One command put to the rules, and what must come of it.
struct RuleCase: CustomTestStringConvertible, Sendable {
    let name: String
    var balance: Int64? = 100
    let change: Change
    var key: String?
    let outcome: Outcome
    var entry: (kind: EntryKind, amount: Int64)?

    var testDescription: String { name }
}

@Suite("Ledger rules: one command")
struct CreditRulesTests {
    static let limit = BalanceLimits.range.upperBound

    static let cases: [RuleCase] = [
        RuleCase(
            name: "adding raises the balance", change: add(5),
            outcome: .applied(receipt(105)), entry: (.add, 5)),
        RuleCase(
            name: "deducting lowers it", change: deduct(5),
            outcome: .applied(receipt(95)), entry: (.deduct, -5)),
        RuleCase(
            name: "the whole balance can be spent", change: deduct(100),
            outcome: .applied(receipt(0)), entry: (.deduct, -100)),
        RuleCase(
            name: "one more than the balance cannot", change: deduct(101),
            outcome: .insufficientCredits(available: 100, requested: 101)),
        RuleCase(
            name: "nothing can be spent of nothing", balance: 0, change: deduct(1),
            outcome: .insufficientCredits(available: 0, requested: 1)),
        RuleCase(
            name: "a reset takes all", change: .reset,
            outcome: .applied(receipt(0)), entry: (.reset, -100)),
        RuleCase(
            name: "a reset of nothing is an entry of 0", balance: 0, change: .reset,
            outcome: .applied(receipt(0)), entry: (.reset, 0)),
        RuleCase(
            name: "the upper limit itself can be reached", balance: limit - 5, change: add(5),
            outcome: .applied(receipt(limit)), entry: (.add, 5)),
        RuleCase(
            name: "the upper limit cannot be passed", balance: limit - 5, change: add(6),
            outcome: .balanceLimitReached(available: 5, requested: 6)),
        RuleCase(
            name: "a user who does not exist has no balance", balance: nil, change: add(5),
            outcome: .userNotFound),
        RuleCase(
            name: "a key's first use is applied", change: add(5), key: "new",
            outcome: .applied(receipt(105)), entry: (.add, 5)),
        RuleCase(
            name: "the same request under its key is replayed", change: add(7), key: "add-7",
            outcome: .replayed(earlierReceipt)),
        RuleCase(
            name: "another amount under the key is refused", change: add(8), key: "add-7",
            outcome: .keyReused(differing: "amount")),
        RuleCase(
            name: "another kind under the key is refused", change: deduct(7), key: "add-7",
            outcome: .keyReused(differing: "kind")),
        RuleCase(
            name: "a reused key is told before too few credits", change: deduct(999), key: "add-7",
            outcome: .keyReused(differing: "kind")),
        RuleCase(
            name: "a replay is told at the upper limit too", balance: limit, change: add(7),
            key: "add-7", outcome: .replayed(earlierReceipt)),
        RuleCase(
            name: "a missing user is told before a reused key", balance: nil, change: add(8),
            key: "add-7", outcome: .userNotFound),
    ]

    @Test("each rung of the precedence", arguments: cases)
    func decidesOneCommand(_ row: RuleCase) {
        var rules = CreditRules(
            state: state(balance: row.balance), moment: noon, transactionIDs: [71])

        let outcome = rules.decide(
            Command(
                user: ada, change: row.change,
                idempotencyKey: row.key.flatMap { IdempotencyKey($0) }))

        #expect(outcome == row.outcome)
        #expect(rules.entries.map(\.kind) == [row.entry?.kind].compactMap { $0 })
        #expect(rules.entries.map(\.amount) == [row.entry?.amount].compactMap { $0 })
    }

    @Test("reason and metadata are part of the request that a key stands for")
    func comparesAnnotations() {
        let first = Command(
            user: ada, change: add(7), reason: Reason("arti\u{E9}"), metadata: Metadata(json: "{}"),
            idempotencyKey: IdempotencyKey("k"))
        let rows: [(Command, Outcome)] = [
            (first, .replayed(receipt(107))),
            (first.with(reason: nil), .keyReused(differing: "reason")),
            (first.with(reason: Reason("artie\u{301}")), .keyReused(differing: "reason")),
            (first.with(metadata: Metadata(json: "[]")), .keyReused(differing: "metadata")),
        ]
        for (second, expected) in rows {
            var rules = CreditRules(
                state: state(balance: 100), moment: noon, transactionIDs: [71, 72])
            #expect(rules.decide(first) == .applied(receipt(107)))
            #expect(rules.decide(second) == expected)
            #expect(rules.entries.count == 1)
        }
    }

    @Test("a refused command stores nothing, so its key may be tried again in the same batch")
    func retriesRefusedKey() {
        let spend = Command(
            user: ada, change: deduct(150), idempotencyKey: IdempotencyKey("spend"))
        var rules = CreditRules(
            state: state(balance: 100), moment: noon, transactionIDs: [71, 72, 73])

        #expect(rules.decide(spend) == .insufficientCredits(available: 100, requested: 150))
        #expect(rules.decide(Command(user: ada, change: add(50))) == .applied(receipt(150)))
        #expect(rules.decide(spend) == .applied(receipt(0, id: 72)))
        #expect(rules.decide(spend) == .replayed(receipt(0, id: 72)))
    }

    @Test("an entry is never dated before the one that it follows")
    func keepsTimeMonotonic() {
        let tomorrow = Timestamp(
            microsecondsSinceUnixEpoch: noon.microsecondsSinceUnixEpoch + 86_400_000_000)
        var rules = CreditRules(
            state: state(balance: 1, lastUpdated: tomorrow), moment: noon, transactionIDs: [71])

        _ = rules.decide(Command(user: ada, change: add(1)))

        #expect(rules.entries.map(\.createdAt) == [tomorrow])
    }

    @Test("a batch changes each user's balance once, in the order of their ids")
    func foldsBalances() {
        var rules = CreditRules(
            state: LedgerState(
                balances: [
                    ada: .init(credits: 1, lastUpdated: noon, isStored: true),
                    grace: .init(credits: 0, lastUpdated: noon, isStored: false),
                ], earlier: [:]),
            moment: noon, transactionIDs: [1, 2, 3])

        for command in [
            Command(user: grace, change: add(10)), Command(user: ada, change: add(5)),
            Command(user: grace, change: deduct(4)),
        ] { _ = rules.decide(command) }

        #expect(rules.changedBalances.map(\.user) == [ada, grace])
        #expect(rules.changedBalances.map(\.balanceAfter) == [6, 6])
        #expect(rules.changedBalances.map(\.transactionID) == [2, 3])
        #expect(rules.state.balances[grace]?.isStored == false)
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

// MARK: The scene of the tables: Ada, at noon, has 100 credits and once added 7 under "add-7".

let noon = Timestamp(microsecondsSinceUnixEpoch: 1_795_348_800_000_000)
let ada = userID(1)
let grace = userID(2)
private let earlierReceipt = Receipt(user: ada, credits: 57, lastUpdated: noon, transactionID: 3)

func userID(_ number: Int64) -> UserID {
    UserID(number) ?? { preconditionFailure("user ids are positive") }()
}

func add(_ amount: Int64) -> Change { .add(creditAmount(amount)) }
func deduct(_ amount: Int64) -> Change { .deduct(creditAmount(amount)) }

func creditAmount(_ amount: Int64) -> CreditAmount {
    CreditAmount(amount) ?? { preconditionFailure("amounts are within 1 ... 10^12") }()
}

private func receipt(_ credits: Int64, id: Int64 = 71) -> Receipt {
    Receipt(user: ada, credits: credits, lastUpdated: noon, transactionID: id)
}

private func state(balance: Int64?, lastUpdated: Timestamp = noon) -> LedgerState {
    let earlier = LedgerEntry(
        user: ada, transactionID: 3, kind: .add, amount: 7, balanceAfter: 57, createdAt: noon,
        reason: nil, metadata: nil, idempotencyKey: IdempotencyKey("add-7"))
    return LedgerState(
        balances: balance.map {
            [ada: .init(credits: $0, lastUpdated: lastUpdated, isStored: true)]
        } ?? [:],
        earlier: earlier.idempotencyKey.map { [.init(user: ada, key: $0): earlier] } ?? [:])
}
