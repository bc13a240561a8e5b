import Postgres

/// The SQL of users.
struct UserDirectory: Sendable {
    let pool: ConnectionPool
    /// How long to wait for a row that somebody else has locked: who waits has a connection that
    /// all others would do something with.
    let lockWait: Duration

    /// nil where the e-mail is taken.
    func create(_ user: NewUser) async throws(PostgresError) -> User? {
        var attempt = 1
        while true {
            do throws(PostgresError) {
                return try await insert(user)
            } catch {
                guard error.sqlState == .uniqueViolation, attempt < Self.attempts else {
                    throw error
                }
                attempt += 1
                // Users were imported with their ids, and the sequence has met one of them.
                try await passImportedIDs()
            }
        }
    }

    /// Who makes users at the same time may meet the next imported one before the sequence is past
    /// all of them.
    private static let attempts = 5

    /// Brings the sequence of ids to the highest one there is. Never back, which would give others
    /// the ids of users who are just being made; so one at a time looks and sets.
    func passImportedIDs() async throws(PostgresError) {
        try await pool.useInTransaction(givingWay: true) { connection throws(PostgresError) in
            _ = try await connection.runPipeline([
                TransactionOpening.settings(lockWait: lockWait),
                "SELECT pg_advisory_xact_lock(7235701120253)",
                """
                SELECT setval(ids, max(user_id)) FROM users
                CROSS JOIN (SELECT pg_get_serial_sequence('users', 'user_id')::regclass AS ids)
                    AS sequence
                GROUP BY ids HAVING max(user_id) > coalesce(pg_sequence_last_value(ids), 0)
                """,
            ])
        }
    }

    private func insert(_ user: NewUser) async throws(PostgresError) -> User? {
        // Without BEGIN a pipeline is one transaction.
        let results = try await pool.use(givingWay: true) { connection throws(PostgresError) in
            try await connection.runPipeline([
                TransactionOpening.settings(lockWait: lockWait), insertion(of: user),
            ])
        }
        return try results[1].first.map(User.init)
    }

    func insertion(of user: NewUser) -> Statement {
        """
        INSERT INTO users (email, name) VALUES (\(user.email), \(user.name))
        ON CONFLICT (email) DO NOTHING
        RETURNING user_id, email, name, created_at
        """
    }

    /// Takes a user's name and e-mail away and closes the balance; false where there is no such
    /// user.
    ///
    /// The numbers stay, and so does the row that they hang on. Whoever writes a balance locks its
    /// row in `credits`, so that is where a write and the deletion meet: the row is closed, and one
    /// that was missing is made, since a first write in flight would else make it after us.
    func delete(_ id: UserID, by origin: Origin) async throws(PostgresError) -> Bool {
        try await pool.useInTransaction(givingWay: true) { connection throws(PostgresError) in
            let results = try await connection.runPipeline([
                TransactionOpening.settings(lockWait: lockWait),
                Self.existence(of: id), closeBalance(of: id), eraseUser(id, by: origin),
            ])
            return !results[3].isEmpty
        }
    }

    /// For the lock of the table alone, which comes first, as it does in schema.sql.
    static func existence(of id: UserID) -> Statement {
        "SELECT FROM users WHERE user_id = \(id.rawValue)"
    }

    func closeBalance(of id: UserID) -> Statement {
        """
        INSERT INTO credits (user_id, last_updated, closed_at)
        SELECT user_id, created_at, clock_timestamp() FROM users
        WHERE user_id = \(id.rawValue) AND deleted_at IS NULL
        ON CONFLICT (user_id) DO UPDATE SET closed_at = excluded.closed_at
            WHERE credits.closed_at IS NULL
        """
    }

    /// The address is nobody's (RFC 2606, 2), and cannot have been taken by somebody before.
    func eraseUser(_ id: UserID, by origin: Origin) -> Statement {
        """
        WITH erased AS (
            UPDATE users SET name = 'Deleted user', deleted_at = clock_timestamp(),
                email = 'deleted-' || gen_random_uuid() || '@deleted.invalid'
            WHERE user_id = \(id.rawValue) AND deleted_at IS NULL
            RETURNING user_id
        )
        INSERT INTO audit_log (actor, action, target, request_id)
        SELECT \(origin.actor?.rawValue as String?), 'user.deleted', 'user:' || user_id,
            \(origin.requestID as String?)
        FROM erased RETURNING audit_id
        """
    }

    func user(_ id: UserID) async throws(PostgresError) -> User? {
        try await pool.run(selection(of: id), givingWay: true).first.map(User.init)
    }

    func selection(of id: UserID) -> Statement {
        """
        SELECT user_id, email, name, created_at FROM users
        WHERE user_id = \(id.rawValue) AND deleted_at IS NULL
        """
    }

    /// Ascending by id: a page stays the same while users are added.
    func users(after: UserID?, limit: Int) async throws(PostgresError) -> [User] {
        try await pool.run(page(after: after, limit: limit), givingWay: true).decodeEach(User.init)
    }

    func page(after: UserID?, limit: Int) -> Statement {
        """
        SELECT user_id, email, name, created_at FROM users
        WHERE user_id > \(after?.rawValue ?? 0) AND deleted_at IS NULL
        ORDER BY user_id LIMIT \(Int64(limit))
        """
    }
}

extension User {
    init(_ row: Row) throws(PostgresError) {
        let (id, email, name, createdAt) = try row.decode(
            UserID.self, String.self, String.self, Timestamp.self)
        self.init(id: id, email: email, name: name, createdAt: createdAt)
    }
}
