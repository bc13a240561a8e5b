import Postgres

/// The statement that takes a chunk and grants it, as long as each of its users has a balance with
/// room for the whole amount; else it takes the chunk and grants nobody.
///
/// Balances are added to where they are written, so that PostgreSQL does the sum again on what
/// somebody else has committed meanwhile: no row is locked before, and none is looked up twice. The
/// rows are written in the order of their ids, as the ledger's lanes lock them. A user whose
/// balance was closed or filled between the look and the write is left out here; the day's last
/// look sees to it.
struct ChunkStatement: Sendable {
    private let grant: DailyGrant
    private let once: OncePerDay

    init(_ grant: DailyGrant) {
        self.grant = grant
        once = OncePerDay(grant)
    }

    /// Both tables along their keys, side by side, whatever they held when it was planned.
    static let settings: Statement = """
        SELECT set_config('enable_seqscan', 'off', true),
            set_config('enable_bitmapscan', 'off', true), set_config('enable_sort', 'off', true),
            set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'on', true),
            \(unescaped: Self.flushing)
        """

    /// What the backend evicts goes to the disk little by little. Left to the next checkpoint, a
    /// grant's pages keep every commit waiting for hundreds of milliseconds.
    static let flushing = "set_config('backend_flush_after', '256kB', true)"

    private static let ofChunk =
        "BETWEEN (SELECT first_user_id FROM chunk) AND (SELECT last_user_id FROM chunk)"

    /// Whether another session of the database runs a statement: who waits for this one does. Those
    /// that hold a lock of the chunks' table are at the same work, for another instance.
    static let othersAtWork = """
        EXISTS (SELECT FROM pg_stat_activity a
            WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database())
                AND backend_type = 'client backend' AND state = 'active'
                AND pid <> pg_backend_pid()
                AND NOT EXISTS (SELECT FROM pg_locks l
                    WHERE l.pid = a.pid AND l.relation = 'grant_chunks'::regclass))
        """

    /// Returns the chunk's first and last user, `granted`, which is NULL where it grants nobody,
    /// and whether others are at work; no row where no chunk is free.
    var statement: Statement {
        let room = BalanceLimits.range.upperBound - grant.amount
        return """
            WITH p AS MATERIALIZED (
                SELECT \(grant.schedule)::text AS schedule, \(grant.day.postgres) AS day
            ), chunk AS MATERIALIZED (
                SELECT first_user_id, last_user_id FROM grant_chunks
                WHERE schedule = \(grant.schedule) AND day = \(grant.day.postgres)
                    AND granted IS NULL
                ORDER BY first_user_id LIMIT 1 FOR UPDATE SKIP LOCKED
            ), look AS MATERIALIZED (
                SELECT count(*) = count(c.user_id) AS is_plain
                FROM users u LEFT JOIN credits c ON c.user_id = u.user_id
                    AND c.user_id \(unescaped: Self.ofChunk)
                    AND c.closed_at IS NULL AND c.credits <= \(room)
                WHERE u.user_id \(unescaped: Self.ofChunk)
                    AND u.created_at < \(grant.dueAt.postgres) AND u.deleted_at IS NULL
            ), written AS (
                UPDATE credits c SET credits = c.credits + \(grant.amount),
                    last_updated = greatest(clock_timestamp(), c.last_updated),
                    last_transaction_id = nextval('credit_transaction_ids')
                FROM users u
                WHERE c.user_id = u.user_id AND (SELECT is_plain FROM look)
                    AND c.user_id \(unescaped: Self.ofChunk)
                    AND u.user_id \(unescaped: Self.ofChunk)
                    AND u.created_at < \(grant.dueAt.postgres) AND u.deleted_at IS NULL
                    AND c.closed_at IS NULL AND c.credits <= \(room)
                RETURNING c.user_id, c.credits, c.last_updated, c.last_transaction_id
            ), entry AS (
                INSERT INTO credit_transactions
                    (user_id, transaction_id, kind, amount, balance_after, created_at,
                    \(unescaped: once.columns))
                SELECT user_id, last_transaction_id, 'daily_grant', \(grant.amount), credits,
                    last_updated, \(unescaped: once.values)
                FROM written, p
                RETURNING 1
            ), marked AS (
                UPDATE grant_chunks SET granted = (SELECT count(*) FROM entry), capped = 0
                WHERE schedule = \(grant.schedule) AND day = \(grant.day.postgres)
                    AND first_user_id = (SELECT first_user_id FROM chunk)
                    AND (SELECT is_plain FROM look)
                RETURNING granted
            )
            SELECT first_user_id, last_user_id, (SELECT granted FROM marked) AS granted,
                \(unescaped: Self.othersAtWork) AS others_at_work
            FROM chunk
            """
    }
}
