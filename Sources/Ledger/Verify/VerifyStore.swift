import Postgres

/// The SQL of the verification.
///
/// A user's balance is read as the line after the last entry: an entry of amount 0 that leaves the
/// balance. One pass over entries and balances, in the order of the primary key, then compares each
/// line with the one before it.
struct VerifyStore: Sendable {
    struct Chunk: Sendable {
        let entries: Int64
        /// Users with a balance.
        let users: Int64
        /// One for each user that fails.
        let discrepancies: [Discrepancy]
        /// nil when there are no users above.
        let lastUser: Int64?
    }

    let deadline: Duration
    private static let related = RelatedEntries()

    /// Counted exactly where PostgreSQL has not counted yet, since the table is then small or new.
    func expectedEntries(on connection: Connection) async throws(PostgresError) -> Int64 {
        let rows = try await connection.run(
            """
            SELECT CASE WHEN reltuples >= 1 THEN reltuples::bigint
                ELSE (SELECT count(*) FROM credit_transactions) END
            FROM pg_class WHERE oid = 'credit_transactions'::regclass
            """, deadline: deadline)
        return try rows.only.decode(Int64.self)
    }

    /// Looks at the next users whose entries are so many, or more by those of the last user.
    func check(
        usersAbove user: Int64, entries size: Int, on connection: Connection
    ) async throws(PostgresError) -> Chunk {
        let opening = try await connection.runPipeline(
            [
                "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                // The plan depends on how many users the chunk has.
                "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)",
                extent(above: user, entries: Int64(size)),
            ], deadline: deadline)
        let (last, entries) = try opening[2].only.decode(Int64?.self, Int64.self)
        let users = (user + 1)...(last ?? .max)
        let results = try await connection.runPipeline(
            [balances(of: users), failures(of: users), Self.related.failures(of: users)],
            deadline: deadline)
        var found: [Discrepancy] = []
        var withoutBalance: [Int64] = []
        for row in results[1] {
            if let discrepancy = try Discrepancy(row) {
                found.append(discrepancy)
            } else {
                withoutBalance.append(try row["user_id", Int64.self])
            }
        }
        found += try await missingBalances(of: withoutBalance, on: connection)
        let failing = Set(found.map(\.user))
        found += try Self.related.discrepancies(from: results[2])
            .filter { !failing.contains($0.user) }
        _ = try await connection.run("COMMIT")
        return Chunk(
            entries: entries, users: try results[0].only.decode(Int64.self),
            discrepancies: found.sorted { $0.user < $1.user },
            lastUser: last == .max ? nil : last)
    }

    // MARK: Statements

    /// The chunk's last user, or NULL where it has all that are left, and its number of entries.
    private func extent(above user: Int64, entries size: Int64) -> Statement {
        """
        WITH mark AS (
            SELECT user_id, transaction_id FROM credit_transactions WHERE user_id > \(user)
            ORDER BY user_id, transaction_id OFFSET \(size - 1) LIMIT 1
        )
        SELECT user_id, \(size) + (SELECT count(*) FROM credit_transactions t
            WHERE t.user_id = mark.user_id AND t.transaction_id > mark.transaction_id) FROM mark
        UNION ALL
        SELECT NULL, (SELECT count(*) FROM credit_transactions WHERE user_id > \(user))
        WHERE NOT EXISTS (SELECT FROM mark)
        """
    }

    private func balances(of users: ClosedRange<Int64>) -> Statement {
        """
        SELECT count(*) FROM credits
        WHERE user_id BETWEEN \(users.lowerBound) AND \(users.upperBound)
        """
    }

    /// Each user's first line that does not follow from the one before it, and the first line of
    /// each user without a balance.
    ///
    /// A balance may name no last entry where it is 0: a row that was made again after somebody
    /// deleted it. The amount is compared, and not added, because no sum of what the checks allow
    /// can then overflow.
    private func failures(of users: ClosedRange<Int64>) -> Statement {
        """
        WITH line AS (
            SELECT user_id, transaction_id, amount, balance_after, created_at,
                NULL::bigint AS named_id
            FROM credit_transactions
            WHERE user_id BETWEEN \(users.lowerBound) AND \(users.upperBound)
            UNION ALL
            SELECT user_id, \(Int64.max), 0, credits, NULL, last_transaction_id FROM credits
            WHERE user_id BETWEEN \(users.lowerBound) AND \(users.upperBound)
        ), followed AS (
            SELECT *, lag(balance_after) OVER entry AS before,
                lag(transaction_id) OVER entry AS before_id,
                lag(created_at) OVER entry AS before_at
            FROM line WINDOW entry AS (PARTITION BY user_id ORDER BY transaction_id)
        ), judged AS (
            SELECT *, transaction_id = \(Int64.max) AS is_balance,
                amount <> balance_after - coalesce(before, 0) AS is_wrong,
                balance_after NOT BETWEEN 0 AND \(BalanceLimits.range.upperBound) AS is_outside,
                coalesce(created_at < before_at, false) AS is_earlier,
                transaction_id = \(Int64.max) AND named_id IS DISTINCT FROM before_id
                    AND NOT (named_id IS NULL AND balance_after = 0) AS is_misnamed
            FROM followed
        )
        SELECT DISTINCT ON (user_id) user_id, transaction_id, amount, balance_after,
            before, before_id, named_id, is_balance, is_wrong, is_outside, is_earlier, is_misnamed
        FROM judged
        WHERE is_wrong OR is_outside OR is_earlier OR is_misnamed
            OR before_id IS NULL AND user_id NOT IN (SELECT user_id FROM credits
                WHERE user_id BETWEEN \(users.lowerBound) AND \(users.upperBound))
        ORDER BY user_id, is_wrong OR is_outside OR is_earlier OR is_misnamed DESC, transaction_id
        """
    }

    /// A user may have entries and no balance, if the last entry left 0: somebody deleted it.
    private func missingBalances(
        of users: [Int64], on connection: Connection
    ) async throws(PostgresError) -> [Discrepancy] {
        guard !users.isEmpty else { return [] }
        let rows = try await connection.run(
            """
            SELECT user_id, transaction_id, balance_after FROM unnest(\(users)) AS u (user_id)
            CROSS JOIN LATERAL (SELECT transaction_id, balance_after FROM credit_transactions t
                WHERE t.user_id = u.user_id ORDER BY transaction_id DESC LIMIT 1) AS last
            WHERE balance_after <> 0
            """, deadline: deadline)
        return try rows.decodeEach { row throws(PostgresError) in
            let (user, last, after) = try row.decode(Int64.self, Int64.self, Int64.self)
            return Discrepancy(user: user, finding: .balanceMissing(lastEntry: last, after: after))
        }
    }
}

extension Discrepancy {
    /// nil for a line that is only there because its user has no balance.
    fileprivate init?(_ row: Row) throws(PostgresError) {
        guard let finding = try Finding(row) else { return nil }
        self.init(user: try row["user_id", Int64.self], finding: finding)
    }
}

extension Discrepancy.Finding {
    fileprivate init?(_ row: Row) throws(PostgresError) {
        let id = try row["transaction_id", Int64.self]
        let after = try row["balance_after", Int64.self]
        let before = try row["before", Int64?.self]
        let beforeID = try row["before_id", Int64?.self]
        let isBalance = try row["is_balance", Bool.self]
        if try row["is_outside", Bool.self] {
            self =
                isBalance
                ? .balanceOutOfBounds(balance: after)
                : .entryOutOfBounds(transactionID: id, after: after)
        } else if try row["is_wrong", Bool.self] {
            self =
                isBalance
                ? .balanceDiffers(balance: after, lastEntry: beforeID, after: before ?? 0)
                : .entryDoesNotFollow(
                    transactionID: id, before: before ?? 0,
                    amount: try row["amount", Int64.self], after: after)
        } else if try row["is_earlier", Bool.self] {
            self = .timeGoesBack(transactionID: id)
        } else if try row["is_misnamed", Bool.self] {
            self = .wrongLastEntry(named: try row["named_id", Int64?.self], lastEntry: beforeID)
        } else {
            return nil
        }
    }
}
