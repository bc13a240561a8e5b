import Postgres

/// The SQL of a round of balance reads: one statement, whatever their number.
struct ReadStore: Sendable {
    let pool: ConnectionPool

    /// As many results as users, in their order; nil for a user who does not exist.
    func accounts(of users: [UserID]) async -> [Result<Account?, LedgerError>] {
        do {
            let rows = try await pool.run(
                """
                SELECT u.user_id, coalesce(c.credits, 0), coalesce(c.last_updated, u.created_at)
                FROM users u LEFT JOIN credits c USING (user_id)
                WHERE u.user_id = ANY (\(Array(Set(users.map(\.rawValue)))))
                """)
            var accounts: [UserID: Account] = [:]
            for row in rows {
                let (user, credits, updated) = try row.decode(
                    UserID.self, Int64.self, Timestamp.self)
                accounts[user] = Account(user: user, credits: credits, lastUpdated: updated)
            }
            return users.map { .success(accounts[$0]) }
        } catch {
            return users.map { _ in .failure(error.ledgerError) }
        }
    }
}
