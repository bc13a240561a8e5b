import Postgres

/// The SQL that looks at grants and changes nothing.
struct GrantCalendarStore: Sendable {
    /// The daily schedule's days of a range, oldest first: those that have a row, and those that
    /// are due and have none yet.
    func days(
        _ range: ClosedRange<CalendarDay>, today: CalendarDay, on connection: Connection
    ) async throws(PostgresError) -> [DailyGrant] {
        let rows = try await connection.run(
            """
            WITH due AS (
                SELECT s.name, s.amount, day::date AS day
                FROM grant_schedules s, credits_schema i, generate_series(
                    greatest(s.active_from, (i.installed_at AT TIME ZONE 'UTC')::date + 1,
                        \(range.lowerBound.postgres))::timestamp,
                    least(s.active_to, \(today.postgres), \(range.upperBound.postgres))::timestamp,
                    interval '1 day') AS day
                WHERE s.name = \(RecurringGrant.daily)
            ), g AS (
                SELECT \(unescaped: DailyGrant.columns) FROM daily_grants g
                WHERE g.schedule = \(RecurringGrant.daily)
                    AND g.day BETWEEN \(range.lowerBound.postgres) AND \(range.upperBound.postgres)
            )
            SELECT * FROM g
            UNION ALL
            SELECT name, day, day::timestamp AT TIME ZONE 'UTC', amount, 'pending', NULL, NULL, 0, 0
            FROM due WHERE NOT EXISTS (SELECT FROM g WHERE g.day = due.day)
            ORDER BY 2
            """)
        return try rows.decodeEach { row throws(PostgresError) in try DailyGrant(row) }
    }

    /// Holds the next users against their entries. One whose `created_at` was moved past the day's
    /// moment counts as long as the entry is there.
    func coverage(
        of grant: DailyGrant, usersAbove user: Int64, limit: Int, on connection: Connection
    ) async throws(PostgresError) -> GrantCoverage {
        let coverage: Statement = """
            WITH page AS (
                SELECT user_id,
                    created_at < \(grant.dueAt.postgres) AND deleted_at IS NULL AS is_due
                FROM users WHERE user_id > \(user) ORDER BY user_id LIMIT \(Int64(limit))
            ), judged AS (
                SELECT page.*, entry.amount
                FROM (SELECT \(grant.schedule)::text AS schedule, \(grant.day.postgres) AS day) AS p
                CROSS JOIN page
                LEFT JOIN LATERAL (SELECT t.amount FROM credit_transactions t
                    WHERE t.user_id = page.user_id AND \(unescaped: OncePerDay(grant).condition)
                    LIMIT 1) AS entry ON true
            )
            SELECT count(*) FILTER (WHERE is_due OR amount IS NOT NULL) AS eligible,
                count(*) FILTER (WHERE amount = \(grant.amount)) AS granted,
                count(*) FILTER (WHERE amount < \(grant.amount)) AS capped,
                coalesce(array_agg(user_id ORDER BY user_id)
                    FILTER (WHERE is_due AND amount IS NULL), '{}') AS missing,
                CASE WHEN count(*) = \(Int64(limit)) THEN max(user_id) END AS next
            FROM judged
            """
        // Without BEGIN a pipeline is one transaction.
        let results = try await connection.runPipeline([GrantStore.byIndex, coverage])
        let row = try results[1].only
        return GrantCoverage(
            eligible: try row["eligible", Int64.self], granted: try row["granted", Int64.self],
            capped: try row["capped", Int64.self], missing: try row["missing", [Int64].self],
            next: try row["next", Int64?.self])
    }
}
