import Postgres

// The pool lends connections to closures that may throw anything. The ledger's throw PostgresError
// only, and say so in their types.

extension ConnectionPool {
    func run(
        _ statement: Statement, givingWay: Bool = false
    ) async throws(PostgresError) -> Rows {
        try await use(givingWay: givingWay) { connection throws(PostgresError) in
            try await connection.run(statement)
        }
    }

    func use<Value: Sendable>(
        givingWay: Bool = false,
        _ body: @Sendable (Connection) async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        do {
            return try await withConnection(givingWay: givingWay, body)
        } catch {
            throw error.asPostgresError
        }
    }

    func useInTransaction<Value: Sendable>(
        givingWay: Bool = false,
        _ body: @Sendable (Connection) async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        do {
            return try await withTransaction(
                begin: TransactionOpening.begin, givingWay: givingWay
            ) { connection in
                try await body(connection)
            }
        } catch {
            throw error.asPostgresError
        }
    }
}

extension Error {
    /// - Precondition: the pool and the ledger's closures throw nothing else.
    fileprivate var asPostgresError: PostgresError {
        guard let error = self as? PostgresError else {
            preconditionFailure("a closure that throws PostgresError threw \(self)")
        }
        return error
    }
}
