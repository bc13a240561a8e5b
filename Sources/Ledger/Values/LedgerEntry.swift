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
    case transferOut = "transfer_out"
    case transferIn = "transfer_in"
    case reversal

    /// Whether an entry can be undone by a reversal. A transfer is undone by a transfer back, which
    /// the other side decides on; a reversal by doing again what it undid.
    package var isReversible: Bool {
        switch self {
        case .add, .deduct, .reset, .dailyGrant, .opening, .external: true
        case .transferOut, .transferIn, .reversal: false
        }
    }
}

/// An entry's name in the ledger.
package struct EntryReference: Hashable, Sendable {
    package let user: UserID
    package let transactionID: Int64

    package init(user: UserID, transactionID: Int64) {
        self.user = user
        self.transactionID = transactionID
    }
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
    /// A transfer's other side; the entry that a reversal undoes; nil for all other kinds.
    package var related: EntryReference?
    /// Whose key it came with. It is written and shown, and the rules never ask for it.
    var actor: ActorName?

    var reference: EntryReference {
        EntryReference(user: user, transactionID: transactionID)
    }

    var receipt: Receipt {
        Receipt(
            user: user, credits: balanceAfter, lastUpdated: createdAt,
            transactionID: transactionID, related: related)
    }
}
