/// Why a balance changed. The raw values are those of `credit_transactions.kind`.
package enum EntryKind: String, Hashable, Sendable, CaseIterable {
    case add
    case deduct
    case reset
    case dailyGrant = "daily_grant"
    /// A balance that stood in the table before the ledger did.
    case opening
    /// A balance that somebody set in the database, past the service.
    case external
}

/// One line of the ledger: written once, together with the balance, and never changed.
package struct LedgerEntry: Hashable, Sendable {
    package let user: UserID
    package let transactionID: Int64
    package let kind: EntryKind
    /// Signed: what was added to the balance.
    package let amount: Int64
    package let balanceAfter: Int64
    package let createdAt: Timestamp
    package let reason: Reason?
    package let metadata: Metadata?
    package let idempotencyKey: IdempotencyKey?

    var receipt: Receipt {
        Receipt(
            user: user, credits: balanceAfter, lastUpdated: createdAt,
            transactionID: transactionID)
    }
}
