/// What the database holds of a batch's users at the moment their rows are locked: all that the
/// rules may know.
struct LedgerState: Hashable, Sendable {
    /// The balance of a user who exists. Users that are absent here do not exist.
    struct Balance: Hashable, Sendable {
        var credits: Int64
        /// The time of the last entry at the load; no entry of the batch is dated before it.
        var lastUpdated: Timestamp
        /// False until the first entry makes the user's row in `credits`; as it was at the load.
        var isStored: Bool

        /// What can be added to it.
        var room: Int64 { BalanceLimits.range.upperBound - credits }
    }

    struct KeyOfUser: Hashable, Sendable {
        let user: UserID
        let key: IdempotencyKey
    }

    var balances: [UserID: Balance]
    /// The entries that already stand under the batch's idempotency keys.
    var earlier: [KeyOfUser: LedgerEntry]
    /// The entries that the batch's reversals name, as far as there are such.
    var reversed: [EntryReference: LedgerEntry] = [:]
    /// The transaction ids of the reversals that those entries have.
    var reversals: [EntryReference: Int64] = [:]
}

// An entry tells all that it changed, so what it did can be done backwards.
extension LedgerState {
    mutating func note(_ entry: LedgerEntry) {
        balances[entry.user]?.credits = entry.balanceAfter
        if let key = entry.idempotencyKey {
            earlier[KeyOfUser(user: entry.user, key: key)] = entry
        }
        if entry.kind == .reversal, let undone = entry.related {
            reversals[undone] = entry.transactionID
        }
    }

    /// - Precondition: It is the newest entry that was noted, and not forgotten.
    mutating func forget(_ entry: LedgerEntry) {
        balances[entry.user]?.credits -= entry.amount
        if let key = entry.idempotencyKey {
            earlier[KeyOfUser(user: entry.user, key: key)] = nil
        }
        if entry.kind == .reversal, let undone = entry.related { reversals[undone] = nil }
    }
}
