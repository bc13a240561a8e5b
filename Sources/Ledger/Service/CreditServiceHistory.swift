import Postgres

extension CreditService {
    /// A page of a user's ledger, newest first; nil for a user who does not exist.
    ///
    /// - Parameters:
    ///   - end: the `next` of the page before; nil for the first.
    package func history(
        of user: UserID, _ filter: HistoryFilter, below end: Int64?, limit: Int
    ) async throws(LedgerError) -> HistoryPage? {
        try await reportingReadErrors { () throws(PostgresError) in
            try await history.page(of: user, filter, below: end, limit: limit)
        }
    }

    /// The balance at a moment; nil for a user who does not exist. It counts what was committed
    /// before the call: a write that is still under way may yet be dated before the moment, where
    /// that is a moment ago.
    package func balance(
        of user: UserID, at moment: Timestamp
    ) async throws(LedgerError) -> PastBalance? {
        try await reportingReadErrors { () throws(PostgresError) in
            try await history.balance(of: user, at: moment)
        }
    }

    /// Erases a user's name and e-mail and closes the balance, whose numbers stay; false for a user
    /// who does not exist.
    package func deleteUser(
        _ id: UserID, by origin: Origin = Origin(actor: nil)
    ) async throws(LedgerError) -> Bool {
        do throws(PostgresError) {
            return try await directory.delete(id, by: origin)
        } catch {
            throw error.ledgerError
        }
    }
}
