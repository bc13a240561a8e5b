import Postgres

/// The SQL of a user's history.
///
/// Theory of operation: within a user ids and times ascend together, and the ledger's primary key
/// is (user_id, transaction_id). A moment is therefore turned into an id by halving the range of
/// ids, in some forty steps of one index look-up each, and everything else reads the key backwards
/// from an id. So no index is needed beside those that writes need
/// anyway. A search for kinds that are rare looks at a bounded number of entries at a time.
struct HistoryStore: Sendable {
    /// Entries that one page looks at: some 20 ms where they are cached.
    static let entriesLookedAt: Int64 = 10_000

    let pool: ConnectionPool
    private let entriesLookedAt: Int64

    init(pool: ConnectionPool, entriesLookedAt: Int64 = Self.entriesLookedAt) {
        self.pool = pool
        self.entriesLookedAt = entriesLookedAt
    }

    /// nil where there is no such user.
    ///
    /// - Parameters:
    ///   - end: only entries below this id, where it is set.
    ///   - limit: less than `entriesLookedAt`.
    func page(
        of user: UserID, _ filter: HistoryFilter, below end: Int64?, limit: Int
    ) async throws(PostgresError) -> HistoryPage? {
        try await pool.use(givingWay: true) { connection throws(PostgresError) in
            guard let ids = try await ids(of: user, filter, below: end, on: connection) else {
                return nil
            }
            guard !ids.isEmpty else { return HistoryPage(entries: [], next: nil) }
            if let key = filter.idempotencyKey {
                let rows = try await connection.run(entry(of: user, key, in: ids, filter))
                return HistoryPage(entries: try rows.decodeEach(HistoryEntry.init), next: nil)
            }
            let rows = try await connection.run(entries(of: user, in: ids, filter, limit: limit))
            return try page(from: rows, limit: limit)
        }
    }

    /// nil where there is no such user.
    func balance(
        of user: UserID, at moment: Timestamp
    ) async throws(PostgresError) -> PastBalance? {
        try await pool.use(givingWay: true) { connection throws(PostgresError) in
            let results = try await connection.runPipeline([
                Self.user(user), Self.idDividing(user, at: moment.next),
            ])
            guard let (created, now) = try results[0].first?.decode(Timestamp.self, Timestamp.self)
            else { return nil }
            guard moment <= now else { return .stillToCome(now: now) }
            let end = try results[1].only.decode(Int64.self)
            let rows = try await connection.run(Self.lastEntry(of: user, below: end))
            let last = try rows.first?.decode(Int64.self, Timestamp.self)
            return .known(
                Account(user: user, credits: last?.0 ?? 0, lastUpdated: last?.1 ?? created))
        }
    }

    // MARK: Steps

    /// The ids that the page may have; nil where there is no such user.
    private func ids(
        of user: UserID, _ filter: HistoryFilter, below end: Int64?, on connection: Connection
    ) async throws(PostgresError) -> Range<Int64>? {
        let moments = [filter.from, filter.to].compactMap { $0 }
        let results = try await connection.runPipeline(
            [Self.user(user)] + moments.map { Self.idDividing(user, at: $0) })
        guard !results[0].isEmpty else { return nil }
        let bounds = try results.dropFirst().map { rows throws(PostgresError) in
            try rows.only.decode(Int64.self)
        }
        let start = filter.from == nil ? 0 : bounds[0]
        let limit = min(end ?? .max, filter.to == nil ? .max : bounds[bounds.count - 1])
        return start..<max(start, limit)
    }

    private func page(from rows: Rows, limit: Int) throws(PostgresError) -> HistoryPage {
        let found = try rows.decodeEach { row throws(PostgresError) in
            (entry: try HistoryEntry(row), isWanted: try row["is_wanted", Bool.self])
        }
        let wanted = found.filter(\.isWanted).map(\.entry)
        guard wanted.count <= limit else {
            return HistoryPage(
                entries: Array(wanted.prefix(limit)), next: wanted[limit - 1].transactionID)
        }
        let whereItStopped = try rows.last.map { row throws(PostgresError) in
            try row["place", Int64.self] == entriesLookedAt
        }
        return HistoryPage(
            entries: wanted,
            next: whereItStopped == true ? found.last?.entry.transactionID : nil)
    }

    // MARK: Statements

    static func user(_ user: UserID) -> Statement {
        """
        SELECT created_at, clock_timestamp() FROM users
        WHERE user_id = \(user.rawValue) AND deleted_at IS NULL
        """
    }

    /// An id that divides the user's entries at the moment: those below it are before the moment,
    /// the others are not. `low` and `high` close in on it: below `low` all are before, from `high`
    /// on none is.
    static func idDividing(_ user: UserID, at moment: Timestamp) -> Statement {
        """
        WITH RECURSIVE search (low, high) AS (
            SELECT coalesce(min(transaction_id), 1), coalesce(max(transaction_id) + 1, 1)
            FROM credit_transactions WHERE user_id = \(user.rawValue)
            UNION ALL
            SELECT CASE WHEN found.is_before THEN found.transaction_id + 1 ELSE low END,
                CASE WHEN found.is_before THEN high ELSE middle END
            FROM search CROSS JOIN LATERAL (SELECT low + (high - low) / 2 AS middle) AS half
            LEFT JOIN LATERAL (
                SELECT transaction_id, created_at < \(moment.postgres) AS is_before
                FROM credit_transactions
                WHERE user_id = \(user.rawValue) AND transaction_id >= middle
                ORDER BY transaction_id LIMIT 1
            ) AS found ON true
            WHERE low < high
        )
        SELECT low FROM search WHERE low >= high
        """
    }

    static func lastEntry(of user: UserID, below end: Int64) -> Statement {
        """
        SELECT balance_after, created_at FROM credit_transactions
        WHERE user_id = \(user.rawValue) AND transaction_id < \(end)
        ORDER BY transaction_id DESC LIMIT 1
        """
    }

    /// The wanted entries among the next ones, and one more to tell whether there is a next page;
    /// and the last one that was looked at, wanted or not, where the search ended there.
    func entries(
        of user: UserID, in ids: Range<Int64>, _ filter: HistoryFilter, limit: Int
    ) -> Statement {
        """
        SELECT *, kind = ANY (\(filter.kindNames)) AS is_wanted FROM (
            SELECT \(unescaped: Self.columns),
                row_number() OVER (ORDER BY transaction_id DESC) AS place
            FROM credit_transactions
            WHERE user_id = \(user.rawValue)
                AND transaction_id >= \(ids.lowerBound) AND transaction_id < \(ids.upperBound)
            ORDER BY transaction_id DESC LIMIT \(entriesLookedAt)
        ) AS looked_at
        WHERE kind = ANY (\(filter.kindNames)) OR place = \(entriesLookedAt)
        ORDER BY transaction_id DESC LIMIT \(Int64(limit) + 1)
        """
    }

    func entry(
        of user: UserID, _ key: IdempotencyKey, in ids: Range<Int64>, _ filter: HistoryFilter
    ) -> Statement {
        """
        SELECT \(unescaped: Self.columns) FROM credit_transactions
        WHERE user_id = \(user.rawValue) AND idempotency_key = \(key.rawValue)
            AND transaction_id >= \(ids.lowerBound) AND transaction_id < \(ids.upperBound)
            AND kind = ANY (\(filter.kindNames))
        """
    }

    private static let columns = """
        transaction_id, kind, amount, balance_after, reason, metadata::text AS metadata, \
        idempotency_key, created_at, related_user_id, related_transaction_id, actor
        """
}

extension HistoryFilter {
    fileprivate var kindNames: [String] {
        (kinds.isEmpty ? Set(EntryKind.allCases) : kinds).map(\.rawValue).sorted()
    }
}

extension Timestamp {
    /// The next moment that PostgreSQL can tell from this one.
    fileprivate var next: Timestamp {
        Timestamp(microsecondsSinceUnixEpoch: microsecondsSinceUnixEpoch + 1)
    }
}
