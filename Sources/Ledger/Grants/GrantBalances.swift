import Postgres

// The balances that a grant writes: those that are to be had, and those that are missing.
//
// A chunk keeps its balances locked until its commit. Were it to wait for one that somebody else
// keeps locked, such as an open transaction in psql, the writes of all its users would wait along.
// So nothing that holds balances waits for another one for long: who is not to be had is left to
// the day's last look, which waits for one user at a time and holds nobody else.

extension GrantStore {
    /// As long as a chunk may take. A commit, which is what most locks wait for, takes less.
    static let lockWait = Duration.milliseconds(20)

    struct LockedBalances: Hashable, Sendable {
        /// Users whose balances are locked now, ascending.
        let free: [Int64]
        /// How many of the users have a balance, locked by whom ever.
        let stored: Int
    }

    /// Locks the balances that nobody else has locked.
    func lockFreeBalances(
        of users: [Int64], on connection: Connection
    ) async throws(PostgresError) -> LockedBalances {
        let found = try await connection.run(lockFree(of: users))
        let (free, stored) = try found.only.decode([Int64].self, Int64.self)
        return LockedBalances(free: free, stored: Int(stored))
    }

    func lockFree(of users: [Int64]) -> Statement {
        """
        WITH free AS MATERIALIZED (
            SELECT user_id FROM credits WHERE user_id = ANY (\(users))
            ORDER BY user_id FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT (SELECT coalesce(array_agg(user_id), '{}') FROM free),
            (SELECT count(*) FROM credits WHERE user_id = ANY (\(users)))
        """
    }

    // MARK: Those whom the chunks did not reach

    /// Grants them, but for those whose balance somebody else has locked, within a transaction of
    /// the caller's.
    ///
    /// - Returns: these.
    func grantLeftOut(
        _ users: [Int64], of grant: DailyGrant, on connection: Connection
    ) async throws(PostgresError) -> [Int64] {
        _ = try await connection.runPipeline([
            TransactionOpening.settings(lockWait: Self.lockWait), Self.byIndex,
        ])
        let free = try await lockFreeBalances(of: users, on: connection).free
        try await writeLeftOut(free, of: grant, on: connection)
        let granted = Set(free)
        return users.filter { !granted.contains($0) }
    }

    /// The same for one user, whose balance is waited for, and made where it is missing.
    ///
    /// - Returns: whether there is one; not where the user is gone.
    /// - Throws: `lockNotAvailable`.
    func grantLeftOut(
        _ user: Int64, of grant: DailyGrant, waitingFor lockWait: Duration,
        on connection: Connection
    ) async throws(PostgresError) -> Bool {
        let results = try await connection.runPipeline([
            TransactionOpening.settings(lockWait: lockWait), Self.byIndex,
            missingBalances(of: [user]),
            "SELECT FROM credits WHERE user_id = \(user) FOR NO KEY UPDATE",
        ])
        guard !results[3].isEmpty else { return false }
        try await writeLeftOut([user], of: grant, on: connection)
        return true
    }

    private func writeLeftOut(
        _ users: [Int64], of grant: DailyGrant, on connection: Connection
    ) async throws(PostgresError) {
        guard !users.isEmpty else { return }
        let written = try await connection.run(writeGrants(of: grant, to: users))
        let (granted, capped) = try written.only.decode(Int64.self, Int64.self)
        _ = try await connection.run(
            """
            UPDATE daily_grants SET granted = granted + \(granted), capped = capped + \(capped),
                eligible = eligible + \(granted + capped)
            WHERE schedule = \(grant.schedule) AND day = \(grant.day.postgres)
            """)
    }

    // MARK: Missing ones

    /// Within a transaction of its own.
    ///
    /// - Throws: `lockNotAvailable` where somebody else keeps a row locked, or one that is not
    ///   committed yet.
    func storeMissingBalances(
        of users: [Int64], on connection: Connection
    ) async throws(PostgresError) {
        // Without BEGIN a pipeline is one transaction.
        _ = try await connection.runPipeline([
            TransactionOpening.settings(lockWait: Self.lockWait), missingBalances(of: users),
        ])
    }

    func missingBalances(of users: [Int64]) -> Statement {
        """
        INSERT INTO credits (user_id)
        SELECT user_id FROM users u WHERE user_id = ANY (\(users)) AND deleted_at IS NULL
            AND NOT EXISTS (SELECT FROM credits c WHERE c.user_id = u.user_id)
        ORDER BY user_id
        ON CONFLICT (user_id) DO NOTHING
        """
    }
}
