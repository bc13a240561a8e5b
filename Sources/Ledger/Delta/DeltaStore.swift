import Postgres

/// The SQL of writes by difference: one round trip.
struct DeltaStore: Sendable {
    /// How long a write waits for each row.
    let lockWait: Duration

    /// What every round trip brings along for the next.
    struct Draw: Sendable {
        /// Ascending.
        let transactionIDs: [Int64]
        let moment: Timestamp
    }

    func draw(_ count: Int, on connection: Connection) async throws(PostgresError) -> Draw {
        let results = try await connection.runPipeline([
            Self.drawSettings, WriteStore.drawTransactionIDs(count),
        ])
        let (ids, moment) = try results[1].only.decode([Int64].self, Timestamp.self)
        return Draw(transactionIDs: ids, moment: moment)
    }

    /// Writes what was planned and commits it: for each user all of it or, where the balance does
    /// not lead it through the limits, was last written by a later entry, or has an entry under one
    /// of the idempotency keys, nothing.
    ///
    /// - Parameter asksForOthers: Whether new users get their balance, and it is told how balances
    ///   stand that are not changed.
    func write(
        _ plan: DeltaPlan, asksForOthers: Bool, drawing count: Int, on connection: Connection
    ) async throws(PostgresError) -> (balances: DeltaPlan.Balances, draw: Draw) {
        let statement = asksForOthers || !plan.isSingle ? addition(plan) : singleAddition(plan)
        let results = try await connection.runPipeline([opening(count), statement])
        return (try balances(from: results[1]), try draw(from: results[0]))
    }

    // MARK: Statements

    /// Waits for no disk: whatever commits an entry of the ids that are drawn brings the draw
    /// along.
    static let drawSettings: Statement = """
        SELECT set_config('synchronous_commit', 'off', true)
        """

    /// As in `TransactionOpening`, for a transaction that is one round trip; with the time and the
    /// ids for what comes next. Without sequential scans every plan of the write below takes the
    /// rows in the order of the users' ids, as all writers do, so that two of them never wait for
    /// each other.
    func opening(_ count: Int) -> Statement {
        let settings = """
            set_config('plan_cache_mode', 'force_generic_plan', true),
            set_config('enable_seqscan', 'off', true),
            set_config('lock_timeout', '\(lockWait.lockTimeout)', true),
            CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', true) END,
            clock_timestamp()
            """
        guard count > Self.fewIDs else {
            return "SELECT \(unescaped: settings), \(unescaped: Self.draws[count])"
        }
        return """
            SELECT \(unescaped: settings),
                (SELECT array_agg(nextval('credit_transaction_ids'))
                    FROM generate_series(1, (SELECT \(Int64(count)))))
            """
    }

    /// Drawn without a query within the query, which would be a large part of the statement.
    static let fewIDs = 4

    private static let draws = (0...fewIDs).map { count in
        let values = Array(repeating: "nextval('credit_transaction_ids')", count: count)
        return "ARRAY[\(values.joined(separator: ", "))]::bigint[]"
    }

    /// What another writer commits while a row is waited for is seen by the conditions, which READ
    /// COMMITTED asks again on the row as it then is. An entry under a key is not among them: it is
    /// met by the unique index, and the round goes by the locks. So does a balance that names no
    /// last entry: it was made past the service, and the ledger may hold later ones of the user.
    ///
    /// Where some have not been changed it is asked whose first entry it would be, whose balance is
    /// then 0, and how the others' balances stand.
    func addition(_ plan: DeltaPlan) -> Statement {
        let (ways, entries, keyed) = (plan.ways, plan.entries, plan.keyed)
        return """
            WITH way AS MATERIALIZED (
                SELECT * FROM unnest(\(ways.map(\.user.rawValue)), \(ways.map(\.amount)),
                    \(ways.map(\.starts.lowerBound)), \(ways.map(\.starts.upperBound)),
                    \(ways.map(\.first.transactionID)), \(ways.map(\.last.transactionID)))
                    AS way (user_id, amount, least, most, first_id, last_id)
            ), changed AS (
                UPDATE credits SET credits = credits.credits + way.amount,
                    last_updated = \(plan.moment.postgres), last_transaction_id = way.last_id
                FROM way
                WHERE credits.user_id = way.user_id
                    AND credits.credits BETWEEN way.least AND way.most
                    AND credits.last_transaction_id < way.first_id
                    AND credits.last_updated < \(plan.moment.postgres) AND credits.closed_at IS NULL
                    AND way.user_id <> ALL (ARRAY (
                        SELECT t.user_id FROM unnest(
                            \(keyed.map(\.user.rawValue)),
                            \(keyed.compactMap(\.idempotencyKey?.rawValue))
                        ) AS wanted (user_id, idempotency_key)
                        JOIN credit_transactions t USING (user_id, idempotency_key)))
                RETURNING credits.user_id, credits.credits
            ), begun AS (
                INSERT INTO credits (user_id, credits, last_updated, last_transaction_id)
                SELECT user_id, amount, \(plan.moment.postgres), last_id FROM way
                WHERE (SELECT count(*) FROM changed) < \(Int64(ways.count))
                    AND 0 BETWEEN least AND most
                    AND EXISTS (SELECT FROM users u WHERE u.user_id = way.user_id
                        AND u.created_at < \(plan.moment.postgres) AND u.deleted_at IS NULL)
                    AND NOT EXISTS (
                        SELECT FROM credit_transactions t WHERE t.user_id = way.user_id)
                ON CONFLICT (user_id) DO NOTHING
                RETURNING user_id, credits
            ), done AS (
                SELECT user_id, credits FROM changed UNION ALL SELECT user_id, credits FROM begun
            ), written AS (
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after, created_at, reason, metadata, idempotency_key, actor)
                SELECT user_id, transaction_id, kind, amount, done.credits - rest,
                    \(plan.moment.postgres), reason, metadata::json, idempotency_key, actor
                FROM unnest(\(entries.map(\.user.rawValue)), \(entries.map(\.transactionID)),
                    \(entries.map(\.kind.rawValue)), \(entries.map(\.amount)), \(plan.rests),
                    \(entries.map(\.reason?.rawValue).sentIfAny),
                    \(entries.map(\.metadata?.json).sentIfAny),
                    \(entries.map(\.idempotencyKey?.rawValue).sentIfAny),
                    \(entries.map(\.actor?.rawValue).sentIfAny))
                    AS entry (user_id, transaction_id, kind, amount, rest, reason, metadata,
                        idempotency_key, actor)
                JOIN done USING (user_id)
            )
            SELECT user_id, credits, 1::bigint FROM done
            UNION ALL
            SELECT user_id, credits, 0::bigint FROM credits
            WHERE (SELECT count(*) FROM changed) < \(Int64(ways.count))
                AND user_id = ANY (\(ways.map(\.user.rawValue))) AND closed_at IS NULL
            """
    }

    /// The same where each user has one entry, and who is not changed is not asked for. A small
    /// round's cost is mostly the setting up of a statement's parts, so this one has few.
    ///
    /// The look for a key is no join, so that it is never made by reading a whole index.
    func singleAddition(_ plan: DeltaPlan) -> Statement {
        let (ways, entries) = (plan.ways, plan.ways.map(\.first))
        return """
            WITH changed AS (
                UPDATE credits SET credits = credits.credits + way.amount,
                    last_updated = \(plan.moment.postgres),
                    last_transaction_id = way.transaction_id
                FROM unnest(\(entries.map(\.user.rawValue)), \(entries.map(\.transactionID)),
                    \(entries.map(\.kind.rawValue)), \(entries.map(\.amount)),
                    \(ways.map(\.starts.lowerBound)), \(ways.map(\.starts.upperBound)),
                    \(entries.map(\.reason?.rawValue).sentIfAny),
                    \(entries.map(\.metadata?.json).sentIfAny),
                    \(entries.map(\.idempotencyKey?.rawValue).sentIfAny),
                    \(entries.map(\.actor?.rawValue).sentIfAny))
                    AS way (user_id, transaction_id, kind, amount, least, most, reason, metadata,
                        idempotency_key, actor)
                WHERE credits.user_id = way.user_id
                    AND credits.credits BETWEEN way.least AND way.most
                    AND credits.last_transaction_id < way.transaction_id
                    AND credits.last_updated < \(plan.moment.postgres)
                    AND credits.closed_at IS NULL
                    AND (way.idempotency_key IS NULL OR (
                        SELECT t.user_id FROM credit_transactions t
                        WHERE t.user_id = way.user_id
                            AND t.idempotency_key = way.idempotency_key) IS NULL)
                RETURNING way.*, credits.credits
            ), written AS (
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after, created_at, reason, metadata, idempotency_key, actor)
                SELECT user_id, transaction_id, kind, amount, credits, \(plan.moment.postgres),
                    reason, metadata::json, idempotency_key, actor
                FROM changed
            )
            SELECT user_id, credits, 1::bigint FROM changed
            """
    }

    // MARK: Reading

    private func draw(from rows: Rows) throws(PostgresError) -> Draw {
        let (_, _, _, _, moment, ids) = try rows.only.decode(
            String.self, String.self, String.self, String?.self, Timestamp.self, [Int64].self)
        return Draw(transactionIDs: ids, moment: moment)
    }

    /// Those that were written come first; the second part has all as they were before.
    private func balances(from rows: Rows) throws(PostgresError) -> DeltaPlan.Balances {
        let users = try rows.integers(inColumn: 0)
        let credits = try rows.integers(inColumn: 1)
        let written = try rows.integers(inColumn: 2)
        var balances = DeltaPlan.Balances()
        balances.written.reserveCapacity(users.count)
        for (row, user) in users.enumerated() {
            guard let user = UserID(user) else { continue }
            if written[row] == 1 {
                balances.written[user] = credits[row]
            } else if balances.written[user] == nil {
                balances.left[user] = credits[row]
            }
        }
        return balances
    }
}
