import Postgres

/// The SQL of the daily grant.
struct GrantStore: Sendable {
    /// Makes the rows in `credits` that the day's next users lack, in a transaction of its own:
    /// within the chunk's, new rows and locked ones together could deadlock with a lane.
    func storeMissingBalances(
        of day: CalendarDay, size: Int, on connection: Connection
    ) async throws(PostgresError) {
        _ = try await connection.run(
            """
            INSERT INTO credits (user_id)
            SELECT user_id FROM (
                SELECT user_id FROM users
                WHERE created_at < \(day.start.postgres) AND deleted_at IS NULL
                    AND user_id > coalesce(
                        (SELECT last_user_id FROM daily_grants WHERE day = \(day.postgres)), 0)
                ORDER BY user_id LIMIT \(Int64(size))
            ) AS next
            WHERE NOT EXISTS (SELECT FROM credits c WHERE c.user_id = next.user_id)
            ORDER BY user_id
            ON CONFLICT (user_id) DO NOTHING
            """)
    }

    func today(on connection: Connection) async throws(PostgresError) -> CalendarDay {
        let rows = try await connection.run("SELECT (now() AT TIME ZONE 'UTC')::date")
        return try rows.only.decode(CalendarDay.self)
    }

    func pendingDays(on connection: Connection) async throws(PostgresError) -> [CalendarDay] {
        let rows = try await connection.run(
            """
            SELECT first.day + n FROM (
                SELECT (installed_at AT TIME ZONE 'UTC')::date + 1 AS day FROM credits_schema
            ) AS first, generate_series(0, (now() AT TIME ZONE 'UTC')::date - first.day) AS n
            WHERE NOT EXISTS (SELECT FROM daily_grants g WHERE g.day = first.day + n)
            UNION
            SELECT day FROM daily_grants WHERE status = 'running'
            ORDER BY 1
            """)
        return try rows.decodeEach { row throws(PostgresError) in
            try row.decode(CalendarDay.self)
        }
    }

    /// Grants the next users of a day, within a transaction of the caller's; done when none is
    /// left.
    ///
    /// The statements are separate, because each sees what was committed before it began: balances
    /// are read only after their rows are locked.
    func runChunk(
        of day: CalendarDay, amount: CreditAmount, size: Int, on connection: Connection
    ) async throws(PostgresError) -> DailyGrant {
        let (grant, lastUser) = try await holdDay(day, amount: amount, on: connection)
        guard !grant.isDone else { return grant }
        let chunk = try await nextUsers(of: day, after: lastUser, size: size, on: connection)
        guard let last = chunk.last else { return try await finish(day, on: connection) }
        let results = try await connection.runPipeline([
            storeMissingBalances(of: chunk), lockBalances(of: chunk),
            writeGrants(of: day, amount: grant.amount, to: chunk),
        ])
        let (granted, capped) = try results[2].only.decode(Int64.self, Int64.self)
        return try await advance(
            day, to: last, granted: granted, capped: capped, on: connection)
    }

    // MARK: The day's row

    private func holdDay(
        _ day: CalendarDay, amount: CreditAmount, on connection: Connection
    ) async throws(PostgresError) -> (DailyGrant, lastUser: Int64) {
        let results = try await connection.runPipeline([
            TransactionOpening.settings,
            """
            INSERT INTO daily_grants (day, amount) VALUES (\(day.postgres), \(amount.rawValue))
            ON CONFLICT (day) DO NOTHING
            """,
            """
            SELECT day, amount, status = 'done' AS is_done, eligible, granted, capped,
                last_user_id
            FROM daily_grants WHERE day = \(day.postgres) FOR UPDATE
            """,
        ])
        let row = try results[2].only
        return (try DailyGrant(row), try row["last_user_id", Int64.self])
    }

    private func advance(
        _ day: CalendarDay, to lastUser: Int64, granted: Int64, capped: Int64,
        on connection: Connection
    ) async throws(PostgresError) -> DailyGrant {
        let rows = try await connection.run(
            """
            UPDATE daily_grants SET last_user_id = \(lastUser),
                eligible = eligible + \(granted + capped),
                granted = granted + \(granted), capped = capped + \(capped)
            WHERE day = \(day.postgres)
            RETURNING day, amount, status = 'done' AS is_done, eligible, granted, capped
            """)
        return try DailyGrant(rows.only)
    }

    private func finish(
        _ day: CalendarDay, on connection: Connection
    ) async throws(PostgresError) -> DailyGrant {
        let rows = try await connection.run(
            """
            UPDATE daily_grants SET status = 'done', finished_at = clock_timestamp()
            WHERE day = \(day.postgres)
            RETURNING day, amount, status = 'done' AS is_done, eligible, granted, capped
            """)
        return try DailyGrant(rows.only)
    }

    // MARK: A chunk of users

    private func nextUsers(
        of day: CalendarDay, after lastUser: Int64, size: Int, on connection: Connection
    ) async throws(PostgresError) -> [Int64] {
        let rows = try await connection.run(
            """
            SELECT user_id FROM users
            WHERE user_id > \(lastUser) AND created_at < \(day.start.postgres)
                AND deleted_at IS NULL
            ORDER BY user_id LIMIT \(Int64(size))
            """)
        return try rows.decodeEach { row throws(PostgresError) in try row.decode(Int64.self) }
    }

    private func storeMissingBalances(of users: [Int64]) -> Statement {
        """
        INSERT INTO credits (user_id)
        SELECT user_id FROM users u WHERE user_id = ANY (\(users))
            AND NOT EXISTS (SELECT FROM credits c WHERE c.user_id = u.user_id)
        ON CONFLICT (user_id) DO NOTHING
        """
    }

    private func lockBalances(of users: [Int64]) -> Statement {
        """
        SELECT count(*) FROM (
            SELECT FROM credits WHERE user_id = ANY (\(users))
            ORDER BY user_id FOR NO KEY UPDATE
        ) AS locked
        """
    }

    /// A user at the upper limit gets what still fits, down to an entry of 0: recorded, not
    /// skipped. One who was deleted since the chunk began gets nothing.
    private func writeGrants(of day: CalendarDay, amount: Int64, to users: [Int64]) -> Statement {
        """
        WITH due AS (
            SELECT user_id, credits,
                least(\(amount), \(BalanceLimits.range.upperBound) - credits) AS amount,
                nextval('credit_transaction_ids') AS transaction_id,
                greatest(clock_timestamp(), last_updated) AS moment
            FROM credits WHERE user_id = ANY (\(users)) AND closed_at IS NULL
        ), entry AS (
            INSERT INTO credit_transactions
                (user_id, transaction_id, kind, amount, balance_after, created_at, grant_day)
            SELECT user_id, transaction_id, 'daily_grant', amount, credits + amount, moment,
                \(day.postgres)
            FROM due
            ON CONFLICT (user_id, grant_day) WHERE grant_day IS NOT NULL DO NOTHING
            RETURNING user_id, transaction_id, amount, balance_after, created_at
        ), written AS (
            UPDATE credits SET credits = entry.balance_after, last_updated = entry.created_at,
                last_transaction_id = entry.transaction_id
            FROM entry WHERE credits.user_id = entry.user_id
        )
        SELECT count(*) FILTER (WHERE amount = \(amount)),
            count(*) FILTER (WHERE amount < \(amount))
        FROM entry
        """
    }
}

extension DailyGrant {
    fileprivate init(_ row: Row) throws(PostgresError) {
        day = try row["day", CalendarDay.self]
        amount = try row["amount", Int64.self]
        isDone = try row["is_done", Bool.self]
        eligible = try row["eligible", Int64.self]
        granted = try row["granted", Int64.self]
        capped = try row["capped", Int64.self]
    }
}

extension GrantStore {
    /// What a day's grant runs for one user, for the probe after a schema change.
    func probe(of day: CalendarDay, amount: Int64, to user: UserID) -> [Statement] {
        let users = [user.rawValue]
        return [
            storeMissingBalances(of: users), lockBalances(of: users),
            writeGrants(of: day, amount: amount, to: users),
        ]
    }
}
