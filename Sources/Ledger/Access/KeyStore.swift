package import Postgres

/// The SQL of keys.
package struct KeyStore: Sendable {
    let pool: ConnectionPool
    /// How long to wait for a row that somebody else has locked.
    let lockWait: Duration

    package init(pool: ConnectionPool, lockWait: Duration = LedgerSettings().lockWait) {
        self.pool = pool
        self.lockWait = lockWait
    }

    struct LiveKey {
        let holder: KeyHolder
        /// How long it is still in force, where it ends.
        let rest: Duration?
    }

    /// Of these keys, the ones in force. Those whose use was not noted in the last minute are noted
    /// by the same statement: whoever asks has just used them.
    func live(_ keys: [KeyHash]) async throws(PostgresError) -> [KeyHash: LiveKey] {
        let rows = try await pool.run(selection(of: keys))
        var found: [String: (LiveKey, id: Int64, isToBeNoted: Bool)] = [:]
        for row in rows {
            let (id, hash, scopes, rest, isToBeNoted) = try row.decode(
                Int64.self, String.self, [String].self, Double?.self, Bool.self)
            let holder = KeyHolder(actor: .key(id), scopes: Set(scopes.compactMap(Scope.init)))
            let key = LiveKey(holder: holder, rest: rest.map { .seconds(min($0, 3600)) })
            found[hash] = (key, id, isToBeNoted)
        }
        noteUse(of: found.values.filter(\.isToBeNoted).map(\.id))
        return keys.reduce(into: [:]) { live, key in live[key] = found[key.hexadecimal]?.0 }
    }

    func selection(of keys: [KeyHash]) -> Statement {
        """
        WITH live AS (
            SELECT key_id, hash, scopes, last_used_at,
                extract(epoch FROM expires_at - clock_timestamp())::double precision AS rest
            FROM api_keys
            WHERE hash = ANY (\(keys.map(\.hexadecimal))) AND revoked_at IS NULL
                AND (expires_at IS NULL OR expires_at > clock_timestamp())
        )
        SELECT key_id, hash, scopes, rest,
            coalesce(last_used_at < clock_timestamp() - interval '1 minute', true)
        FROM live
        """
    }

    /// Nobody waits for it, and nothing depends on it: a use that could not be noted is noted by
    /// the next one.
    private func noteUse(of ids: [Int64]) {
        guard !ids.isEmpty else { return }
        Task { _ = try? await pool.run(use(of: ids), givingWay: true) }
    }

    /// Keys that somebody has locked are left out: to wait for them would take a connection for
    /// each few seconds of their holders' requests.
    func use(of ids: [Int64]) -> Statement {
        """
        UPDATE api_keys SET last_used_at = clock_timestamp()
        WHERE key_id IN (
            SELECT key_id FROM api_keys
            WHERE key_id = ANY (\(ids))
                AND coalesce(last_used_at < clock_timestamp() - interval '1 minute', true)
            FOR NO KEY UPDATE SKIP LOCKED)
        """
    }

    func hasKeys() async throws(PostgresError) -> Bool {
        try await pool.run(Self.anyKey).only.decode(Bool.self)
    }

    static let anyKey: Statement =
        "SELECT EXISTS (SELECT FROM api_keys WHERE revoked_at IS NULL)"

    /// nil where its end has passed already.
    func insert(
        _ key: NewAPIKey, _ secret: KeySecret, by origin: Origin
    ) async throws(PostgresError) -> APIKey? {
        try await write(insertion(of: key, secret, by: origin)).first.map(APIKey.init)
    }

    func insertion(of key: NewAPIKey, _ secret: KeySecret, by origin: Origin) -> Statement {
        """
        WITH made AS (
            INSERT INTO api_keys (name, hint, hash, scopes, created_by, expires_at)
            SELECT \(key.name), \(secret.hint), \(secret.hash.hexadecimal),
                \(key.scopes.map(\.rawValue)), \(origin.actor?.rawValue as String?), expiry
            FROM (SELECT \(key.expiresAt?.postgres as PostgresTimestamp?) AS expiry) AS ends
            WHERE expiry IS NULL OR expiry > clock_timestamp()
            RETURNING *
        ), told AS (
            INSERT INTO audit_log (actor, action, target, request_id, detail)
            SELECT \(origin.actor?.rawValue as String?), 'key.created', 'key:' || key_id,
                \(origin.requestID as String?), json_build_object('name', name, 'hint', hint,
                    'scopes', scopes, 'expires_at', \(key.expiresAt?.rfc3339 as String?))
            FROM made
        )
        SELECT \(unescaped: APIKey.columns) FROM made
        """
    }

    func revoke(_ id: Int64, by origin: Origin) async throws(PostgresError) -> APIKey? {
        try await write(Self.lock(id), revocation(of: id, by: origin)).first.map(APIKey.init)
    }

    /// Who revokes a key while another does waits here, and then sees that it is revoked: the
    /// statement that would wait for the row itself sees neither the old nor the new one.
    static func lock(_ id: Int64) -> Statement {
        "SELECT FROM api_keys WHERE key_id = \(id) FOR UPDATE"
    }

    func revocation(of id: Int64, by origin: Origin) -> Statement {
        """
        WITH revoked AS (
            UPDATE api_keys SET revoked_at = clock_timestamp()
            WHERE key_id = \(id) AND revoked_at IS NULL
            RETURNING *
        ), told AS (
            INSERT INTO audit_log (actor, action, target, request_id, detail)
            SELECT \(origin.actor?.rawValue as String?), 'key.revoked', 'key:' || key_id,
                \(origin.requestID as String?), json_build_object('name', name, 'hint', hint)
            FROM revoked
        )
        SELECT \(unescaped: APIKey.columns) FROM revoked
        UNION ALL
        SELECT \(unescaped: APIKey.columns) FROM api_keys
        WHERE key_id = \(id) AND revoked_at IS NOT NULL
        """
    }

    /// What the last of the statements brings. Without BEGIN a pipeline is one transaction.
    private func write(_ statements: Statement...) async throws(PostgresError) -> Rows {
        let results = try await pool.use(givingWay: true) { connection throws(PostgresError) in
            try await connection.runPipeline(
                [TransactionOpening.settings(lockWait: lockWait)] + statements)
        }
        return results[statements.count]
    }

    func keys(below end: Int64?, limit: Int) async throws(PostgresError) -> [APIKey] {
        try await pool.run(page(below: end, limit: limit), givingWay: true).decodeEach(APIKey.init)
    }

    func page(below end: Int64?, limit: Int) -> Statement {
        """
        SELECT \(unescaped: APIKey.columns) FROM api_keys
        WHERE key_id < \(end ?? .max) ORDER BY key_id DESC LIMIT \(Int64(limit))
        """
    }
}

extension APIKey {
    fileprivate static let columns = """
        key_id, name, hint, scopes, created_at, created_by, expires_at, last_used_at, revoked_at
        """

    fileprivate init(_ row: Row) throws(PostgresError) {
        id = try row["key_id", Int64.self]
        name = try row["name", String.self]
        hint = try row["hint", String.self]
        // A scope that a later version knows is none that this one could grant.
        scopes = try row["scopes", [String].self].compactMap(Scope.init)
        createdAt = try row["created_at", Timestamp.self]
        createdBy = try row["created_by", String?.self]
        expiresAt = try row["expires_at", Timestamp?.self]
        lastUsedAt = try row["last_used_at", Timestamp?.self]
        revokedAt = try row["revoked_at", Timestamp?.self]
    }
}
