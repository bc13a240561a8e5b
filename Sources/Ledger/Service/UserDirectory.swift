import Postgres

/// The SQL of users.
struct UserDirectory: Sendable {
    let pool: ConnectionPool

    /// nil where the e-mail is taken.
    func create(_ user: NewUser) async throws(PostgresError) -> User? {
        let rows = try await pool.run(
            """
            INSERT INTO users (email, name) VALUES (\(user.email), \(user.name))
            ON CONFLICT (email) DO NOTHING
            RETURNING user_id, email, name, created_at
            """)
        return try rows.first.map(User.init)
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
