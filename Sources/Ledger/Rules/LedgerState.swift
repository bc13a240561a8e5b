/// What the database holds of a batch's users at the moment their rows are locked: all that the
/// rules may know.
struct LedgerState: Sendable {
    /// The balance of a user who exists. Users that are absent here do not exist.
    struct Balance: Hashable, Sendable {
        var credits: Int64
        /// The time of the last entry; the next one is never dated before it.
        var lastUpdated: Timestamp
        /// False until the first entry makes the user's row in `credits`.
        var isStored: Bool
    }

    struct KeyOfUser: Hashable, Sendable {
        let user: UserID
        let key: IdempotencyKey
    }

    var balances: [UserID: Balance]
    /// The entries that already stand under the batch's idempotency keys.
    var earlier: [KeyOfUser: LedgerEntry]
}
