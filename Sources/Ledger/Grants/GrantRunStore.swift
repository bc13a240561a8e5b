import Postgres

/// The SQL of a day's row in `daily_grants`, and of the chunks that its users are divided into.
struct GrantRunStore: Sendable {
    /// Makes the row where there is none, and begins or resumes the day; nil where there is neither
    /// a row nor an amount to make one with.
    func begin(
        _ occurrence: GrantOccurrence, amount: CreditAmount?, by origin: Origin, isByHand: Bool,
        on connection: Connection
    ) async throws(PostgresError) -> DailyGrant? {
        let (schedule, day) = (occurrence.schedule, occurrence.day.postgres)
        var steps = [TransactionOpening.settings]
        if let amount {
            steps.append(
                """
                INSERT INTO daily_grants (schedule, day, amount, status)
                VALUES (\(schedule), \(day), \(amount.rawValue), 'pending')
                ON CONFLICT (schedule, day) DO NOTHING
                """)
        }
        steps.append(
            """
            UPDATE daily_grants SET status = 'running',
                started_at = coalesce(started_at, clock_timestamp()),
                actor = coalesce(actor, \(origin.actor?.rawValue as String?))
            WHERE schedule = \(schedule) AND day = \(day) AND status IN ('pending', 'skipped')
            """)
        if isByHand { steps.append(tell(of: occurrence, by: origin)) }
        _ = try await connection.runPipeline(steps)
        return try await grant(occurrence, on: connection)
    }

    private func tell(of occurrence: GrantOccurrence, by origin: Origin) -> Statement {
        """
        INSERT INTO audit_log (actor, action, target, request_id)
        SELECT \(origin.actor?.rawValue as String?), 'grant.run',
            'grant:' || schedule || ':' || day, \(origin.requestID as String?)
        FROM daily_grants
        WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
        """
    }

    func grant(
        _ occurrence: GrantOccurrence, on connection: Connection
    ) async throws(PostgresError) -> DailyGrant? {
        let rows = try await connection.run(
            """
            SELECT \(unescaped: DailyGrant.columns) FROM daily_grants g
            WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
            """)
        return try rows.first.map { row throws(PostgresError) in try DailyGrant(row) }
    }

    /// About how many users there are: the share that is done needs no more.
    func expectedUsers(on connection: Connection) async throws(PostgresError) -> Int64 {
        let rows = try await connection.run(
            """
            SELECT CASE WHEN reltuples >= 1 THEN reltuples::bigint
                ELSE (SELECT count(*) FROM users) END
            FROM pg_class WHERE oid = 'users'::regclass
            """)
        return try rows.only.decode(Int64.self)
    }

    // MARK: Dividing

    enum Division: Hashable, Sendable {
        /// There is another chunk to take.
        case divided
        /// Every user is in a chunk, and somebody is at work on the last ones.
        case othersAtWork
        /// Every chunk is granted.
        case complete
    }

    /// How many chunks are made at once: few, so that their size can follow the time they take.
    private static let chunksAhead: Int64 = 8

    /// Counts the chunks that are granted into the day's row, and divides the next users, within a
    /// transaction of the caller's.
    func divide(
        _ occurrence: GrantOccurrence, size: Int, on connection: Connection
    ) async throws(PostgresError) -> Division {
        let results = try await connection.runPipeline([
            TransactionOpening.settings, hold(occurrence),
            countGranted(in: occurrence), planNext(of: occurrence, size: Int64(size)),
            openChunks(of: occurrence),
        ])
        guard results[3].isEmpty else { return .divided }
        return try results[4].only.decode(Int64.self) > 0 ? .othersAtWork : .complete
    }

    /// Marks a day as done that has no chunks left, within a transaction of the caller's; false
    /// where it has: another instance found further users meanwhile, and divided them.
    func finish(
        _ occurrence: GrantOccurrence, on connection: Connection
    ) async throws(PostgresError) -> Bool {
        let results = try await connection.runPipeline([
            TransactionOpening.settings, hold(occurrence), countGranted(in: occurrence),
            """
            UPDATE daily_grants SET status = 'done', finished_at = clock_timestamp()
            WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
                AND status = 'running'
                AND NOT EXISTS (SELECT FROM grant_chunks c
                    WHERE c.schedule = daily_grants.schedule AND c.day = daily_grants.day)
            """,
            openChunks(of: occurrence),
        ])
        return try results[4].only.decode(Int64.self) == 0
    }

    private func hold(_ occurrence: GrantOccurrence) -> Statement {
        """
        SELECT FROM daily_grants
        WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres) FOR UPDATE
        """
    }

    private func countGranted(in occurrence: GrantOccurrence) -> Statement {
        """
        WITH gone AS (
            DELETE FROM grant_chunks
            WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
                AND granted IS NOT NULL
            RETURNING granted, capped
        ), sums AS (SELECT sum(granted)::bigint AS granted, sum(capped)::bigint AS capped FROM gone)
        UPDATE daily_grants g SET granted = g.granted + sums.granted,
            capped = g.capped + sums.capped,
            eligible = g.eligible + sums.granted + sums.capped
        FROM sums
        WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
            AND sums.granted IS NOT NULL
        """
    }

    /// Where the day has come to is asked for by sub-selects, not by a join: PostgreSQL then begins
    /// there on the users' index, and ends with the limit.
    private func planNext(of occurrence: GrantOccurrence, size: Int64) -> Statement {
        """
        WITH g AS MATERIALIZED (
            SELECT last_user_id, \(unescaped: DailyGrant.dueAt) AS due_at FROM daily_grants g
            WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
                AND status = 'running'
        ), next AS (
            SELECT user_id, (row_number() OVER (ORDER BY user_id) - 1) / \(size) AS chunk
            FROM (SELECT user_id FROM users
                WHERE user_id > (SELECT last_user_id FROM g)
                    AND created_at < (SELECT due_at FROM g) AND deleted_at IS NULL
                ORDER BY user_id LIMIT \(size * Self.chunksAhead)) AS users
        ), planned AS (
            INSERT INTO grant_chunks (schedule, day, first_user_id, last_user_id)
            SELECT \(occurrence.schedule), \(occurrence.day.postgres), min(user_id), max(user_id)
            FROM next GROUP BY chunk
            RETURNING last_user_id
        ), reached AS (SELECT max(last_user_id) AS last_user_id FROM planned)
        UPDATE daily_grants SET last_user_id = reached.last_user_id FROM reached
        WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
            AND reached.last_user_id IS NOT NULL
        RETURNING 1
        """
    }

    private func openChunks(of occurrence: GrantOccurrence) -> Statement {
        """
        SELECT count(*) FROM grant_chunks
        WHERE schedule = \(occurrence.schedule) AND day = \(occurrence.day.postgres)
            AND granted IS NULL
        """
    }
}

extension DailyGrant {
    /// Of the table under the alias `g`.
    static let dueAt = "coalesce(g.due_at, g.day::timestamp AT TIME ZONE 'UTC')"

    /// What `init(_:)` reads, as the list of a SELECT from the table under the alias `g`: with the
    /// chunks that were granted and are not counted in it yet.
    static let columns = """
        g.schedule, g.day, \(dueAt) AS due_at, g.amount, g.status, g.started_at, g.finished_at, \
        g.granted + coalesce((SELECT sum(c.granted) FROM grant_chunks c \
        WHERE c.schedule = g.schedule AND c.day = g.day), 0)::bigint AS granted, \
        g.capped + coalesce((SELECT sum(c.capped) FROM grant_chunks c \
        WHERE c.schedule = g.schedule AND c.day = g.day), 0)::bigint AS capped
        """

    init(_ row: Row) throws(PostgresError) {
        schedule = try row["schedule", String.self]
        day = try row["day", CalendarDay.self]
        dueAt = try row["due_at", Timestamp.self]
        amount = try row["amount", Int64.self]
        status = try row["status", Status.self]
        startedAt = try row["started_at", Timestamp?.self]
        finishedAt = try row["finished_at", Timestamp?.self]
        granted = try row["granted", Int64.self]
        capped = try row["capped", Int64.self]
        eligible = granted + capped
    }
}
