import Postgres

// Users who existed at a day's moment, and whom nobody can see yet: their INSERT is uncommitted.

extension DailyGrants {
    /// Waits until every transaction has ended that could have inserted a user before a moment that
    /// has come: those that hold the lock for it now, since whoever inserts takes that first, and
    /// only then reads the clock for `created_at`.
    ///
    /// Not for ever: a session may forget its transaction. The coverage then names who is missing.
    func waitForOpenInserts() async throws(LedgerError) {
        var open = try await openInserts()
        let end = ContinuousClock.now + Self.longestOpenInsert
        while !open.isEmpty, ContinuousClock.now < end {
            guard !Task.isCancelled else { throw .unavailable }
            // A sleep that cancellation ends early is followed by the look above.
            try? await Task.sleep(for: .milliseconds(10))
            open.formIntersection(try await openInserts())
        }
    }

    /// The transactions, by the names that PostgreSQL gives to all of them, written or not.
    private func openInserts() async throws(LedgerError) -> Set<String> {
        try await retrying { () throws(PostgresError) in
            let rows = try await pool.run(Self.openInserts)
            return Set(
                try rows.decodeEach { row throws(PostgresError) in try row.decode(String.self) })
        }
    }

    static let openInserts: Statement = """
        SELECT DISTINCT virtualtransaction FROM pg_locks
        WHERE relation = 'users'::regclass AND mode = 'RowExclusiveLock' AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    private static let longestOpenInsert = Duration.seconds(5)
}
