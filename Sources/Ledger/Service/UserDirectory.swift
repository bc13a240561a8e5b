import Postgres

/// The SQL of users.
struct UserDirectory: Sendable {
    let pool: ConnectionPool

    /// nil where the e-mail is taken.
    func create(_ user: NewUser) async throws(PostgresError) -> User? {
        do throws(PostgresError) {
            return try await insert(user)
        } catch {
            guard case .server(let message) = error, message.sqlState == .uniqueViolation else {
                throw error
            }
            // Users were imported with their ids, and the sequence has met one of them.
            _ = try await pool.run(
                """
                SELECT setval(pg_get_serial_sequence('users', 'user_id')::regclass, max(user_id))
                FROM users
                """)
            return try await insert(user)
        }
    }

    private func insert(_ user: NewUser) async throws(PostgresError) -> User? {
        let insert: Statement = """
            INSERT INTO users (email, name) VALUES (\(user.email), \(user.name))
            ON CONFLICT (email) DO NOTHING
            RETURNING user_id, email, name, created_at
            """
        // Without BEGIN a pipeline is one transaction.
        let results = try await pool.use { connection throws(PostgresError) in
            try await connection.runPipeline([TransactionOpening.settings, insert])
        }
        return try results[1].first.map(User.init)
    }

    func user(_ id: UserID) async throws(PostgresError) -> User? {
        let rows = try await pool.run(
            """
            SELECT user_id, email, name, created_at FROM users WHERE user_id = \(id.rawValue)
            """)
        return try rows.first.map(User.init)
    }

    /// Ascending by id: a page stays the same while users are added.
    func users(after: UserID?, limit: Int) async throws(PostgresError) -> [User] {
        let rows = try await pool.run(
            """
            SELECT user_id, email, name, created_at FROM users
            WHERE user_id > \(after?.rawValue ?? 0) ORDER BY user_id LIMIT \(Int64(limit))
            """)
        return try rows.decodeEach(User.init)
    }
}

extension User {
    fileprivate init(_ row: Row) throws(PostgresError) {
        let (id, email, name, createdAt) = try row.decode(
            UserID.self, String.self, String.self, Timestamp.self)
        self.init(id: id, email: email, name: name, createdAt: createdAt)
    }
}
