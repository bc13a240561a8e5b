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
            let rows = try await pool.run(
                """
                SELECT u.user_id, coalesce(c.credits, 0) AS credits,
                    coalesce(
                        c.last_updated,
                        (SELECT created_at FROM credit_transactions t WHERE t.user_id = u.user_id
                            ORDER BY transaction_id DESC LIMIT 1),
                        u.created_at)
                FROM users u LEFT JOIN credits c USING (user_id)
                WHERE u.user_id = ANY (\(Array(Set(users.map(\.rawValue)))))
                """)
            var accounts: [UserID: Result<Account?, LedgerError>] = [:]
            for row in rows { accounts[try row["user_id", UserID.self]] = account(from: row) }
            return users.map { accounts[$0] ?? .success(nil) }
        } catch {
            return users.map { _ in .failure(error.ledgerErrorOfRead) }
        }
    }

    /// A row that cannot be read, such as one with an infinite time, is its own user's trouble
    /// only.
    private func account(from row: Row) -> Result<Account?, LedgerError> {
        do throws(PostgresError) {
            let (user, credits, updated) = try row.decode(
                UserID.self, Int64.self, Timestamp.self)
            return .success(Account(user: user, credits: credits, lastUpdated: updated))
        } catch {
            return .failure(error.ledgerErrorOfRead)
        }
    }
}
