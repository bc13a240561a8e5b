import Postgres

/// A batch whose COMMIT was sent and never answered.
struct UnansweredCommit: Sendable {
    /// One of its entries. A batch is one transaction, so one tells whether all of it happened.
    let suspect: LedgerEntry
    var id: Int64 { suspect.transactionID }
    /// What to answer if it turns out to have happened.
    let decisions: [Decision]
    /// Whether its transaction had the row locked before the COMMIT was sent, so that who has the
    /// lock now knows all. An optimistic write locks and commits at once, and may be late: it is
    /// ruled out only by the next entry of its user, which its comparison then meets.
    let holdsLocks: Bool
}

struct FailedAttempt: Error {
    let cause: PostgresError
    /// The commits of this attempt and those before it of which nobody knows whether they happened.
    let unanswered: [UnansweredCommit]
}
