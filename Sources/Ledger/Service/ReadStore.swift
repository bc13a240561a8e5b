import Postgres

/// The SQL of a round of balance reads: one statement, whatever their number, where all have one.
///
/// It asks `credits` alone, as writes do: a row there is of a user who exists, unless it is closed.
/// Who has none, because nothing was written for him yet or because he does not exist, is asked for
/// by a second statement. One for both would look up each user twice.
struct ReadStore: Sendable {
    let pool: ConnectionPool

    /// As many results as users, in their order; nil for a user who does not exist.
    func accounts(of users: [UserID]) async -> [Result<Account?, LedgerError>] {
        do throws(PostgresError) {
            let found = try await pool.use {
                connection throws(PostgresError) -> [UserID: Account] in
                try await accounts(of: Set(users), on: connection)
            }
            return users.map { .success(found[$0]) }
        } catch {
            return users.map { _ in .failure(error.ledgerErrorOfRead) }
        }
    }

    private func accounts(
        of users: Set<UserID>, on connection: Connection
    ) async throws(PostgresError) -> [UserID: Account] {
        let stored = try accounts(from: await connection.run(storedBalances(of: users)))
        guard stored.count < users.count else { return stored }
        let others = users.subtracting(stored.keys)
        let found = try accounts(from: await connection.run(otherBalances(of: others)))
        return stored.merging(found) { _, found in found }
    }

    func storedBalances(of users: Set<UserID>) -> Statement {
        """
        SELECT user_id, credits, last_updated FROM credits
        WHERE user_id = ANY (\(users.map(\.rawValue).plannedOnce)) AND closed_at IS NULL
        """
    }

    /// A row may have been made since the first look. Where it was deleted past the service, the
    /// ledger still knows when: a user's time never goes back.
    func otherBalances(of users: Set<UserID>) -> Statement {
        """
        SELECT u.user_id, coalesce(c.credits, 0) AS credits,
            coalesce(
                c.last_updated,
                (SELECT created_at FROM credit_transactions t WHERE t.user_id = u.user_id
                    ORDER BY transaction_id DESC LIMIT 1),
                u.created_at)
        FROM users u LEFT JOIN credits c USING (user_id)
        WHERE u.user_id = ANY (\(users.map(\.rawValue).plannedOnce)) AND u.deleted_at IS NULL
            AND c.closed_at IS NULL
        """
    }

    private func accounts(from rows: Rows) throws(PostgresError) -> [UserID: Account] {
        try rows.byUser { _, user, credits, lastUpdated in
            Account(user: user, credits: credits, lastUpdated: lastUpdated)
        }
    }
}
