import Postgres

// What the daily grant did, for those who ask.

extension DailyGrants {
    /// The days of a range, oldest first: granted, running, skipped, and due but not begun.
    package func days(
        _ range: ClosedRange<CalendarDay>
    ) async throws(LedgerError) -> [DailyGrant] {
        let today = try await today()
        return try await retrying { () throws(PostgresError) in
            try await pool.use(givingWay: true) { connection throws(PostgresError) in
                try await calendar.days(range, today: today, on: connection)
            }
        }
    }

    /// The day, and how it covers the next users; nil where there is no grant of it.
    package func coverage(
        of day: CalendarDay, usersAbove user: Int64, limit: Int
    ) async throws(LedgerError) -> (grant: DailyGrant, coverage: GrantCoverage)? {
        guard let grant = try await days(day...day).first else { return nil }
        let coverage = try await retrying { () throws(PostgresError) in
            try await pool.use(givingWay: true) { connection throws(PostgresError) in
                try await calendar.coverage(
                    of: grant, usersAbove: user, limit: limit, on: connection)
            }
        }
        return (grant, coverage)
    }
}
