import Testing

@testable import Ledger

// The scene of the rules' tables: Ada has 100 credits at noon, Grace 50; user 9 does not exist.

let noon = Timestamp(microsecondsSinceUnixEpoch: 1_795_348_800_000_000)
let ada = userID(1)
let grace = userID(2)
let nobody = userID(9)
let upperLimit = BalanceLimits.range.upperBound

func userID(_ number: Int64) -> UserID {
    UserID(number) ?? { preconditionFailure("user ids are positive") }()
}

func add(_ amount: Int64) -> Change { .add(creditAmount(amount)) }
func deduct(_ amount: Int64) -> Change { .deduct(creditAmount(amount)) }
func transfer(_ amount: Int64, to recipient: UserID = grace) -> Change {
    .transfer(creditAmount(amount), to: recipient)
}

func creditAmount(_ amount: Int64) -> CreditAmount {
    CreditAmount(amount) ?? { preconditionFailure("amounts are within 1 ... 10^12") }()
}

/// Ada's receipt for the first new entry, if nothing else is said.
func receipt(
    _ credits: Int64, id: Int64? = 71, related: EntryReference? = nil
) -> Receipt {
    Receipt(
        user: ada, credits: credits, lastUpdated: noon, transactionID: id, related: related)
}

func entry(
    _ kind: EntryKind, _ amount: Int64, id: Int64, after balance: Int64 = 57, key: String? = nil,
    related: EntryReference? = nil
) -> LedgerEntry {
    LedgerEntry(
        user: ada, transactionID: id, kind: kind, amount: amount, balanceAfter: balance,
        createdAt: noon, reason: nil, metadata: nil,
        idempotencyKey: key.flatMap { IdempotencyKey($0) }, related: related)
}

func entry(_ user: UserID, _ id: Int64) -> EntryReference {
    EntryReference(user: user, transactionID: id)
}

/// What Ada's ledger holds under idempotency keys.
enum Earlier {
    static let added = entry(.add, 7, id: 3, key: "add-7")
    static let sent = entry(.transferOut, -20, id: 5, key: "send-20", related: entry(grace, 6))
    /// To a user who has been deleted since.
    static let sentAway = entry(
        .transferOut, -30, id: 7, key: "send-30", related: entry(nobody, 8))
    static let reversal = entry(.reversal, -40, id: 13, key: "undo-12", related: entry(ada, 12))

    static let all = [added, sent, sentAway, reversal]
}

/// Entries of Ada's that commands of the tables want reversed.
enum Reversed {
    static let added = entry(.add, 40, id: 10)
    static let deducted = entry(.deduct, -40, id: 11)
    static let reversedBefore = entry(.add, 40, id: 12)
    static let reversal = entry(.reversal, -40, id: 13, related: entry(ada, 12))
    static let sent = entry(.transferOut, -20, id: 5, related: entry(grace, 6))
    static let received = entry(.transferIn, 20, id: 14, related: entry(grace, 15))
    static let granted = entry(.dailyGrant, 5, id: 16)
    static let opening = entry(.opening, 60, id: 17)
    static let external = entry(.external, -60, id: 18)
    static let emptyReset = entry(.reset, 0, id: 19)
    static let large = entry(.add, 101, id: 20)
    static let largeReversedBefore = entry(.add, 101, id: 21)
    static let largeReceived = entry(.transferIn, 101, id: 22, related: entry(grace, 23))

    static let all = [
        added, deducted, reversedBefore, reversal, sent, received, granted, opening, external,
        emptyReset, large, largeReversedBefore, largeReceived,
    ]
    static let reversals = [
        entry(ada, 12): Int64(13), entry(ada, 21): 24, entry(ada, 22): Int64(25),
    ]
}

func rulesState(
    ada credits: Int64? = 100, grace others: Int64? = 50, lastUpdated: Timestamp = noon
) -> LedgerState {
    var state = LedgerState(balances: [:], earlier: [:])
    for (user, credits) in [(ada, credits), (grace, others)] {
        state.balances[user] = credits.map {
            .init(credits: $0, lastUpdated: lastUpdated, isStored: true)
        }
    }
    for earlier in Earlier.all {
        guard let key = earlier.idempotencyKey else { continue }
        state.earlier[.init(user: ada, key: key)] = earlier
    }
    for entry in Reversed.all { state.reversed[entry.reference] = entry }
    state.reversals = Reversed.reversals
    return state
}

func rules(_ state: LedgerState = rulesState()) -> CreditRules {
    CreditRules(state: state, moment: noon, transactionIDs: Array(71...90))
}

func key(_ text: String) -> IdempotencyKey {
    IdempotencyKey(text) ?? { preconditionFailure("keys of tests are visible ASCII") }()
}
