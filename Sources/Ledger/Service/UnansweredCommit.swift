import Postgres

/// A batch whose COMMIT was sent and never answered.
struct UnansweredCommit: Sendable {
    /// One of its entries. A batch is one transaction, so one tells whether all of it happened.
    let suspect: LedgerEntry
    var id: Int64 { suspect.transactionID }
    /// What to answer if it turns out to have happened, from the suspect's balance on.
    let decisions: [Decision]
    /// Whether its transaction had the row locked before the COMMIT was sent, so that who has the
    /// lock now knows all. A write by difference locks and commits at once, and may be late: it is
    /// ruled out only by the next entry of its user, which its conditions then meet.
    let holdsLocks: Bool

    /// The answers, where the suspect's balance in the ledger is this one.
    func decisions(from balanceAfter: Int64) -> [Decision] {
        decisions.map { $0.shifted(by: balanceAfter - suspect.balanceAfter) }
    }
}

struct FailedAttempt: Error {
    let cause: PostgresError
    /// The commits of this attempt and those before it of which nobody knows whether they happened.
    let unanswered: [UnansweredCommit]
}
