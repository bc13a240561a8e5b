/// Which of a user's entries are asked for. What is not set filters nothing.
package struct HistoryFilter: Hashable, Sendable {
    /// Entries of any of these kinds; empty for all.
    package var kinds: Set<EntryKind> = []
    /// Entries of this moment or later.
    package var from: Timestamp?
    /// Entries before this moment.
    package var to: Timestamp?
    /// The entry of the write that was sent under this key.
    package var idempotencyKey: IdempotencyKey?

    package init() {}
}

/// One page of a user's ledger, newest first.
package struct HistoryPage: Sendable {
    package let entries: [HistoryEntry]
    /// The page that follows has the entries below this transaction id; nil on the last page. A
    /// page with a next one may hold fewer entries than asked for, even none: the search for rare
    /// kinds goes a bounded way at a time.
    package let next: Int64?
}

/// A line of the ledger as it is shown. Unlike `LedgerEntry` it takes the texts as they stand in
/// the table: a line that somebody wrote past the service is to be seen too.
package struct HistoryEntry: Hashable, Sendable {
    package let transactionID: Int64
    package let kind: EntryKind
    /// Signed: what was added to the balance.
    package let amount: Int64
    package let balanceAfter: Int64
    package let reason: String?
    /// A JSON text.
    package let metadata: String?
    package let idempotencyKey: String?
    package let createdAt: Timestamp
    /// The entry that this one belongs to: a transfer's other side, or what a reversal undoes.
    package let related: Related?
    /// Whose key the write came with.
    package let actor: String?

    package struct Related: Hashable, Sendable {
        package let user: Int64
        package let transactionID: Int64
    }
}

/// A balance as it was.
package enum PastBalance: Hashable, Sendable {
    case known(Account)
    /// The moment has not come yet by the database's clock.
    case stillToCome(now: Timestamp)
}
