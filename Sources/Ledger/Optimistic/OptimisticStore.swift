import Postgres

/// The SQL of optimistic writes: one round trip to look, one to write.
struct OptimisticStore: Sendable {
    /// How long a write waits for each row.
    let lockWait: Duration

    /// What every round trip brings along.
    struct Draw: Sendable {
        /// Ascending, and above the id of every entry that was committed before.
        let transactionIDs: [Int64]
        let moment: Timestamp
    }

    /// The balances of the users as they are now, and ids for entries that follow from them. Who
    /// has no balance is absent; where that is everybody, ids are drawn only where they are needed
    /// in any case.
    func look(
        at users: [UserID], drawing count: Int, inAnyCase: Bool, on connection: Connection
    ) async throws(PostgresError) -> (known: [UserID: KnownBalance], draw: Draw) {
        // In this order: the ids shall be above those that are seen.
        let results = try await connection.runPipeline([
            Self.lookSettings, balances(of: users),
            drawing(count, for: users, inAnyCase: inAnyCase),
        ])
        let (ids, moment) = try results[2].only.decode([Int64]?.self, Timestamp.self)
        return (
            try knownBalances(from: results[1]), Draw(transactionIDs: ids ?? [], moment: moment)
        )
    }

    /// Writes what was planned and commits it: for each user all of it or, where the balance is no
    /// longer the one that is known, or an idempotency key stands in the ledger already, nothing.
    ///
    /// - Returns: the users whose balances were changed.
    func write(
        _ plan: OptimisticPlan, known: [UserID: KnownBalance], drawing count: Int,
        on connection: Connection
    ) async throws(PostgresError) -> (changed: [Int64], draw: Draw) {
        let results = try await connection.runPipeline([
            opening(count), comparedWrite(plan.entries, last: plan.last, known: known),
        ])
        let changed = try results[1].only.decode([Int64]?.self)
        return (changed ?? [], try draw(from: results[0]))
    }

    // MARK: Statements

    func balances(of users: [UserID]) -> Statement {
        """
        SELECT user_id, credits, last_updated, coalesce(last_transaction_id, 0) FROM credits
        WHERE user_id = ANY (\(users.map(\.rawValue))) AND closed_at IS NULL
        """
    }

    /// Waits for no disk: whatever commits an entry of the ids that are drawn brings the draw
    /// along.
    static let lookSettings: Statement = """
        SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
            set_config('enable_seqscan', 'off', true),
            set_config('synchronous_commit', 'off', true)
        """

    /// As in `TransactionOpening`, for a transaction that is one round trip. Without sequential
    /// scans every plan of the write below takes the rows in the order of the users' ids, as all
    /// writers do, so that two of them never wait for each other.
    func opening(_ count: Int) -> Statement {
        """
        SELECT set_config('plan_cache_mode', 'force_generic_plan', true),
            set_config('enable_seqscan', 'off', true),
            set_config('lock_timeout', \(lockWait.lockTimeout), true),
            CASE WHEN current_setting('synchronous_commit') = 'off'
                THEN set_config('synchronous_commit', 'on', true) END,
            (SELECT array_agg(nextval('credit_transaction_ids'))
                FROM generate_series(1, \(Int64(count)))),
            clock_timestamp()
        """
    }

    func drawing(_ count: Int, for users: [UserID], inAnyCase: Bool) -> Statement {
        """
        SELECT array_agg(nextval('credit_transaction_ids')), clock_timestamp()
        FROM generate_series(1, \(Int64(count)))
        WHERE \(inAnyCase) OR EXISTS (
            SELECT FROM credits WHERE user_id = ANY (\(users.map(\.rawValue)))
                AND closed_at IS NULL)
        """
    }

    /// What another writer committed after the look is seen by the comparison, which READ COMMITTED
    /// repeats on a row that it had to wait for; and an entry under a key comes with a new balance.
    func comparedWrite(
        _ entries: [LedgerEntry], last: [LedgerEntry], known: [UserID: KnownBalance]
    ) -> Statement {
        let before = last.compactMap { known[$0.user] }
        let keyed = entries.filter { $0.idempotencyKey != nil }
        return """
            WITH changed AS (
                UPDATE credits SET credits = target.credits, last_updated = target.created_at,
                    last_transaction_id = target.transaction_id
                FROM unnest(\(last.map(\.user.rawValue)), \(before.map(\.transactionID)),
                    \(before.map(\.lastUpdated.postgres)), \(last.map(\.transactionID)),
                    \(last.map(\.balanceAfter)), \(last.map(\.createdAt.postgres)))
                    AS target (user_id, known_id, known_time, transaction_id, credits, created_at)
                WHERE credits.user_id = target.user_id
                    AND coalesce(credits.last_transaction_id, 0) = target.known_id
                    AND credits.last_updated = target.known_time AND credits.closed_at IS NULL
                    AND target.user_id <> ALL (ARRAY (
                        SELECT t.user_id FROM unnest(
                            \(keyed.map(\.user.rawValue)),
                            \(keyed.compactMap(\.idempotencyKey?.rawValue))
                        ) AS wanted (user_id, idempotency_key)
                        JOIN credit_transactions t USING (user_id, idempotency_key)))
                RETURNING credits.user_id
            ), written AS (
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after, created_at, reason, metadata, idempotency_key, actor)
                SELECT user_id, transaction_id, kind, amount, balance_after, created_at, reason,
                    metadata::json, idempotency_key, actor
                FROM unnest(\(entries.map(\.user.rawValue)), \(entries.map(\.transactionID)),
                    \(entries.map(\.kind.rawValue)), \(entries.map(\.amount)),
                    \(entries.map(\.balanceAfter)), \(entries.map(\.createdAt.postgres)),
                    \(entries.map(\.reason?.rawValue).sentIfAny),
                    \(entries.map(\.metadata?.json).sentIfAny),
                    \(entries.map(\.idempotencyKey?.rawValue).sentIfAny),
                    \(entries.map(\.actor?.rawValue).sentIfAny))
                    AS entry (user_id, transaction_id, kind, amount, balance_after, created_at,
                        reason, metadata, idempotency_key, actor)
                JOIN changed USING (user_id)
            )
            SELECT array_agg(user_id) FROM changed
            """
    }

    // MARK: Reading

    private func draw(from rows: Rows) throws(PostgresError) -> Draw {
        let (_, _, _, _, ids, moment) = try rows.only.decode(
            String.self, String.self, String.self, String?.self, [Int64]?.self, Timestamp.self)
        return Draw(transactionIDs: ids ?? [], moment: moment)
    }

    private func knownBalances(
        from rows: Rows
    ) throws(PostgresError) -> [UserID: KnownBalance] {
        let ids = try rows.integers(inColumn: 3)
        return try rows.byUser { row, _, credits, lastUpdated in
            KnownBalance(credits: credits, lastUpdated: lastUpdated, transactionID: ids[row])
        }
    }
}
