import Postgres

/// The SQL that grants users a day: a chunk of them, or those who are named.
struct GrantStore: Sendable {
    enum ChunkResult: Hashable, Sendable {
        /// `othersAtWork`: another session of the database was running a statement at the end.
        /// `locked`: how many of the users are left to the last look.
        case granted(users: Int, othersAtWork: Bool, locked: Int = 0)
        /// No chunk is free.
        case nothingOpen
        /// Some of these users have no row in `credits` yet. It is made by `storeMissingBalances`,
        /// in a transaction of its own: within the chunk's, new rows and locked ones together could
        /// deadlock with a lane.
        case lacksBalances([Int64], chunk: ClosedRange<Int64>)
    }

    /// Grants the next chunk that nobody else is at work on, within a transaction of the caller's:
    /// all of it by one statement where every user has a balance with room for the amount, and else
    /// step by step.
    ///
    /// - Parameter chunk: the one whose missing balances cannot be stored now; its users without
    ///   one are left to the day's last look.
    /// - Throws: `uniqueViolation` where somebody of the chunk has the grant already, and
    ///   `lockNotAvailable` where somebody else keeps a balance locked; `runChunkStepByStep` then
    ///   spares them.
    func runChunk(
        of grant: DailyGrant, makingDoIn chunk: ClosedRange<Int64>? = nil,
        on connection: Connection
    ) async throws(PostgresError) -> ChunkResult {
        let results = try await connection.runPipeline([
            TransactionOpening.settings(lockWait: Self.lockWait), ChunkStatement.settings,
            ChunkStatement(grant).statement,
        ])
        guard let taken = results[2].first else { return .nothingOpen }
        let (first, last, granted, othersAtWork) = try taken.decode(
            Int64.self, Int64.self, Int64?.self, Bool.self)
        if let granted { return .granted(users: Int(granted), othersAtWork: othersAtWork) }
        _ = try await connection.run(Self.byIndex)
        return try await grantStepByStep(
            first...last, of: grant, makesDo: first...last == chunk, on: connection)
    }

    /// The same for a chunk of any users, whether or not they have the grant. Those whose balance
    /// somebody else has locked are left to the day's last look.
    ///
    /// The statements are separate, because each sees what was committed before it began: balances
    /// are read only after their rows are locked.
    func runChunkStepByStep(
        of grant: DailyGrant, makingDoIn chunk: ClosedRange<Int64>? = nil,
        on connection: Connection
    ) async throws(PostgresError) -> ChunkResult {
        let results = try await connection.runPipeline([
            TransactionOpening.settings(lockWait: Self.lockWait), Self.byIndex,
            takeChunk(of: grant),
        ])
        guard let taken = results[2].first else { return .nothingOpen }
        let (first, last) = try taken.decode(Int64.self, Int64.self)
        return try await grantStepByStep(
            first...last, of: grant, makesDo: first...last == chunk, on: connection)
    }

    private func grantStepByStep(
        _ range: ClosedRange<Int64>, of grant: DailyGrant, makesDo: Bool,
        on connection: Connection
    ) async throws(PostgresError) -> ChunkResult {
        let users = try await users(range, dueAt: grant.dueAt, on: connection)
        let balances = try await lockFreeBalances(of: users, on: connection)
        guard balances.stored == users.count || makesDo else {
            return .lacksBalances(users, chunk: range)
        }
        let written = try await connection.run(writeGrants(of: grant, to: balances.free))
        let (granted, capped) = try written.only.decode(Int64.self, Int64.self)
        let marked = try await connection.run(
            """
            UPDATE grant_chunks SET granted = \(granted), capped = \(capped)
            WHERE schedule = \(grant.schedule) AND day = \(grant.day.postgres)
                AND first_user_id = \(range.lowerBound)
            RETURNING \(unescaped: ChunkStatement.othersAtWork) AS others_at_work
            """)
        return .granted(
            users: users.count, othersAtWork: try marked.only.decode(Bool.self),
            locked: users.count - balances.free.count)
    }

    /// Plans are made once, and the first grant of a new database is planned when `credits` has few
    /// rows: PostgreSQL would then read the whole table in each chunk, while it grows.
    static let byIndex: Statement = """
        SELECT set_config('enable_seqscan', 'off', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
            \(unescaped: ChunkStatement.flushing)
        """

    // MARK: A chunk of users

    private func takeChunk(of grant: DailyGrant) -> Statement {
        """
        SELECT first_user_id, last_user_id FROM grant_chunks
        WHERE schedule = \(grant.schedule) AND day = \(grant.day.postgres) AND granted IS NULL
        ORDER BY first_user_id LIMIT 1 FOR UPDATE SKIP LOCKED
        """
    }

    private func users(
        _ range: ClosedRange<Int64>, dueAt: Timestamp, on connection: Connection
    ) async throws(PostgresError) -> [Int64] {
        let rows = try await connection.run(
            """
            SELECT user_id FROM users
            WHERE user_id BETWEEN \(range.lowerBound) AND \(range.upperBound)
                AND created_at < \(dueAt.postgres) AND deleted_at IS NULL
            ORDER BY user_id
            """)
        return try rows.decodeEach { row throws(PostgresError) in try row.decode(Int64.self) }
    }

    /// A user at the upper limit gets what still fits, down to an entry of 0: recorded, not
    /// skipped. One who was deleted since the chunk began gets nothing.
    func writeGrants(of grant: DailyGrant, to users: [Int64]) -> Statement {
        let once = OncePerDay(grant)
        return """
            WITH due AS (
                SELECT user_id, credits,
                    least(\(grant.amount), \(BalanceLimits.range.upperBound) - credits) AS amount,
                    nextval('credit_transaction_ids') AS transaction_id,
                    greatest(clock_timestamp(), last_updated) AS moment
                FROM credits WHERE user_id = ANY (\(users)) AND closed_at IS NULL
            ), entry AS (
                INSERT INTO credit_transactions
                    (user_id, transaction_id, kind, amount, balance_after, created_at,
                    \(unescaped: once.columns))
                SELECT user_id, transaction_id, 'daily_grant', amount, credits + amount, moment,
                    \(unescaped: once.values)
                FROM due, (SELECT \(grant.schedule)::text AS schedule,
                    \(grant.day.postgres) AS day) AS p
                ON CONFLICT \(unescaped: once.arbiter) DO NOTHING
                RETURNING user_id, transaction_id, amount, balance_after, created_at
            ), written AS (
                UPDATE credits SET credits = entry.balance_after, last_updated = entry.created_at,
                    last_transaction_id = entry.transaction_id
                FROM entry WHERE credits.user_id = entry.user_id
            )
            SELECT count(*) FILTER (WHERE amount = \(grant.amount)),
                count(*) FILTER (WHERE amount < \(grant.amount))
            FROM entry
            """
    }
}

extension GrantStore {
    /// What a day's grant runs for one user, for the probe after a schema change.
    func probe(of day: CalendarDay, amount: Int64, to user: UserID) -> [Statement] {
        let users = [user.rawValue]
        let grant = DailyGrant(
            schedule: RecurringGrant.daily, day: day, dueAt: day.start, amount: amount,
            status: .running, eligible: 0, granted: 0, capped: 0, startedAt: nil, finishedAt: nil)
        return [
            missingBalances(of: users), lockFree(of: users), writeGrants(of: grant, to: users),
            ChunkStatement(grant).statement, DailyGrants.openInserts,
            GrantRegister.reopening(at: Self.afterAllDays.start),
        ]
    }

    /// 9999-12-31.
    private static let afterAllDays = CalendarDay(daysSinceUnixEpoch: 2_932_896)
}
