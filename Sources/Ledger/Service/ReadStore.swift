import Postgres

/// The SQL of a round of balance reads: one statement, whatever their number.
///
/// Where a user's row in `credits` was deleted past the service, the ledger still knows when, and a
/// user's time never goes back.
struct ReadStore: Sendable {
    let pool: ConnectionPool

    /// As many results as users, in their order; nil for a user who does not exist.
    func accounts(of users: [UserID]) async -> [Result<Account?, LedgerError>] {
        do {
            let accounts = try accounts(from: try await pool.run(balances(of: users)))
            return users.map { .success(accounts[$0]) }
        } catch {
            return users.map { _ in .failure(error.ledgerErrorOfRead) }
        }
    }

    func balances(of users: [UserID]) -> Statement {
        """
        SELECT u.user_id, coalesce(c.credits, 0) AS credits,
            coalesce(
                c.last_updated,
                (SELECT created_at FROM credit_transactions t WHERE t.user_id = u.user_id
                    ORDER BY transaction_id DESC LIMIT 1),
                u.created_at)
        FROM users u LEFT JOIN credits c USING (user_id)
        WHERE u.user_id = ANY (\(Set(users).map(\.rawValue).plannedOnce)) AND u.deleted_at IS NULL
        """
    }

    private func accounts(from rows: Rows) throws(PostgresError) -> [UserID: Account] {
        try rows.byUser { _, user, credits, lastUpdated in
            Account(user: user, credits: credits, lastUpdated: lastUpdated)
        }
    }
}
