import Postgres

/// The SQL of a batch of writes. One transaction, two round trips: `lock` begins it and loads what
/// the rules need, `commit` writes what they decided and ends it.
struct WriteStore: Sendable {
    /// How long `lock` and `commit` wait for each row.
    let lockWait: Duration

    /// What a locked batch knows: the rules' state, the database's clock and fresh transaction ids.
    struct Locked: Sendable {
        let state: LedgerState
        let moment: Timestamp
        let transactionIDs: [Int64]
        /// The balances after those of the suspects that stand in the ledger, by transaction id.
        let committedSuspects: [Int64: Int64]

        /// The balance after this entry; nil where the batch that it is of was not committed.
        func balance(after suspect: LedgerEntry) -> Int64? {
            committedSuspects[suspect.transactionID]
        }

        /// Whether that batch never will be: it needs the row that is locked now.
        func rulesOut(_ suspect: LedgerEntry) -> Bool {
            state.balances[suspect.user]?.isStored == true && balance(after: suspect) == nil
        }
    }

    /// Begins the transaction, locks the balances of the users in the order of their ids (two
    /// batches that share users then wait for each other and never deadlock), and only then, under
    /// the locks, reads the clock, draws the transaction ids, and looks earlier entries up: what
    /// another instance committed before is seen, what it would commit later has to wait.
    func lock(
        _ commands: [Command], suspects: [LedgerEntry], isSecondLook: Bool = false,
        on connection: Connection
    ) async throws(PostgresError) -> Locked {
        let users = commands.users.sorted()
        let lookUps = EntryLookUps(commands, suspects: suspects)
        let statements = [
            TransactionOpening.begin, TransactionOpening.settings(lockWait: lockWait),
            lockBalances(of: users),
            Self.drawTransactionIDs(commands.reduce(0) { $0 + $1.entryCount }),
        ]
        let results = try await connection.runPipeline(statements + lookUps.statements)

        var state = LedgerState(balances: try storedBalances(from: results[2]), earlier: [:])
        if state.balances.count < users.count {
            let others = users.filter { state.balances[$0] == nil }
            guard let balances = try await newBalances(of: others, on: connection) else {
                try await rollBack(on: connection)
                guard !isSecondLook else { throw .rolledBack }
                return try await lock(
                    commands, suspects: suspects, isSecondLook: true, on: connection)
            }
            state.balances.merge(balances) { $1 }
        }
        let (transactionIDs, moment) = try results[3].only.decode([Int64].self, Timestamp.self)
        let last = try results[2].integers(inColumn: 3).max() ?? 0
        guard last < transactionIDs.min() ?? .max else {
            // Somebody has set the sequence back, and a user's ids would no longer ascend.
            try await rollBack(on: connection)
            throw .rolledBack
        }
        let committed = try lookUps.read(results.dropFirst(statements.count), into: &state)
        return Locked(
            state: state, moment: moment, transactionIDs: transactionIDs,
            committedSuspects: committed)
    }

    /// Those of the commands' users whose rows somebody else has locked now.
    ///
    /// - Throws: `lockNotAvailable` where somebody keeps the whole table locked.
    func lockedUsers(
        of commands: [Command], on connection: Connection
    ) async throws(PostgresError) -> Set<UserID> {
        let results = try await connection.runPipeline([
            TransactionOpening.settings(lockWait: lockWait), findLocked(commands.users.sorted()),
        ])
        return Set(
            try results[1].decodeEach { row throws(PostgresError) in try row.decode(UserID.self) })
    }

    /// Writes the entries and the balances that they lead to, and commits.
    func commit(_ rules: CreditRules, on connection: Connection) async throws(PostgresError) {
        var statements = [insertEntries(rules.entries)]
        let stored = rules.changedBalances.filter { rules.isStored($0.user) }
        if !stored.isEmpty { statements.append(updateBalances(stored)) }
        let new = rules.changedBalances.filter { !rules.isStored($0.user) }
        if !new.isEmpty { statements.append(insertBalances(new)) }
        _ = try await connection.runPipeline(statements + ["COMMIT"])
    }

    /// Ends a transaction that wrote nothing and answers with what an earlier one wrote. As a
    /// commit it waits, by the locks that it holds, until that earlier one is where a commit of
    /// ours has to be: on the synchronous standbys too.
    func commitNothing(on connection: Connection) async throws(PostgresError) {
        _ = try await connection.run("COMMIT")
    }

    func rollBack(on connection: Connection) async throws(PostgresError) {
        _ = try await connection.run("ROLLBACK")
    }

    // MARK: Loading

    func lockBalances(of users: [UserID]) -> Statement {
        """
        SELECT user_id, credits, last_updated, coalesce(last_transaction_id, 0) FROM credits
        WHERE user_id = ANY (\(users.map(\.rawValue))) AND closed_at IS NULL
        ORDER BY user_id FOR NO KEY UPDATE
        """
    }

    func findLocked(_ users: [UserID]) -> Statement {
        """
        WITH free AS MATERIALIZED (
            SELECT user_id FROM credits WHERE user_id = ANY (\(users.map(\.rawValue)))
            FOR NO KEY UPDATE SKIP LOCKED
        )
        SELECT user_id FROM credits WHERE user_id = ANY (\(users.map(\.rawValue)))
            AND NOT EXISTS (SELECT FROM free WHERE free.user_id = credits.user_id)
        """
    }

    private func storedBalances(
        from rows: Rows
    ) throws(PostgresError) -> [UserID: LedgerState.Balance] {
        try rows.byUser { _, _, credits, lastUpdated in
            LedgerState.Balance(credits: credits, lastUpdated: lastUpdated, isStored: true)
        }
    }

    /// Of users without a balance, those who exist; nil where somebody has made one since. Only a
    /// user's first write pays for the question, and a write for a user who is not there. One whose
    /// balance is closed is not, whatever `users` says.
    ///
    /// Such a user may have had a row, which somebody deleted past the service: no later time may
    /// come before that.
    private func newBalances(
        of users: [UserID], on connection: Connection
    ) async throws(PostgresError) -> [UserID: LedgerState.Balance]? {
        var balances: [UserID: LedgerState.Balance] = [:]
        for row in try await connection.run(findUsers(users)) {
            let (user, moment, hasBalance) = try row.decode(
                UserID.self, Timestamp.self, Bool.self)
            guard !hasBalance else { return nil }
            balances[user] = LedgerState.Balance(
                credits: 0, lastUpdated: moment, isStored: false)
        }
        return balances
    }

    func findUsers(_ users: [UserID]) -> Statement {
        """
        SELECT u.user_id, greatest(u.created_at,
            (SELECT created_at FROM credit_transactions t WHERE t.user_id = u.user_id
                ORDER BY transaction_id DESC LIMIT 1)),
            c.user_id IS NOT NULL
        FROM users u LEFT JOIN credits c USING (user_id)
        WHERE u.user_id = ANY (\(users.map(\.rawValue))) AND u.deleted_at IS NULL
            AND c.closed_at IS NULL
        """
    }

    /// The planner does not look into `(SELECT $1)`, and so finds no number for which a plan of its
    /// own would be worth making, each time anew.
    static func drawTransactionIDs(_ count: Int) -> Statement {
        """
        SELECT array_agg(nextval('credit_transaction_ids')), clock_timestamp()
        FROM generate_series(1, (SELECT \(Int64(count))))
        """
    }

    // MARK: Writing

    func insertEntries(_ entries: [LedgerEntry]) -> Statement {
        """
        INSERT INTO credit_transactions (user_id, transaction_id, kind, amount, balance_after,
            created_at, reason, metadata, idempotency_key, related_user_id,
            related_transaction_id, actor)
        SELECT user_id, transaction_id, kind, amount, balance_after, created_at, reason,
            metadata::json, idempotency_key, related_user_id, related_transaction_id, actor
        FROM unnest(\(entries.map(\.user.rawValue)), \(entries.map(\.transactionID)),
            \(entries.map(\.kind.rawValue)), \(entries.map(\.amount)),
            \(entries.map(\.balanceAfter)), \(entries.map(\.createdAt.postgres)),
            \(entries.map(\.reason?.rawValue)), \(entries.map(\.metadata?.json)),
            \(entries.map(\.idempotencyKey?.rawValue)),
            \(entries.map(\.related?.user.rawValue)), \(entries.map(\.related?.transactionID)),
            \(entries.map(\.actor?.rawValue).sentIfAny))
            AS entry (user_id, transaction_id, kind, amount, balance_after, created_at, reason,
                metadata, idempotency_key, related_user_id, related_transaction_id, actor)
        """
    }

    func updateBalances(_ last: [LedgerEntry]) -> Statement {
        """
        UPDATE credits SET credits = entry.balance_after, last_updated = entry.created_at,
            last_transaction_id = entry.transaction_id
        FROM unnest(\(last.map(\.user.rawValue)), \(last.map(\.transactionID)),
            \(last.map(\.balanceAfter)), \(last.map(\.createdAt.postgres)))
            AS entry (user_id, transaction_id, balance_after, created_at)
        WHERE credits.user_id = entry.user_id
        """
    }

    func insertBalances(_ last: [LedgerEntry]) -> Statement {
        """
        INSERT INTO credits (user_id, last_transaction_id, credits, last_updated)
        SELECT * FROM unnest(\(last.map(\.user.rawValue)), \(last.map(\.transactionID)),
            \(last.map(\.balanceAfter)), \(last.map(\.createdAt.postgres)))
        """
    }
}
