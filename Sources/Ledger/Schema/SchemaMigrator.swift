package import Postgres

/// Brings a database's tables to what this version of the service needs: `schema.sql`, whole or not
/// at all.
package struct SchemaMigrator: Sendable {
    private let pool: ConnectionPool

    package init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// What the service needs and the database lacks, a phrase each; empty when the schema is
    /// current.
    package func missingParts() async throws(PostgresError) -> [String] {
        try await pool.use { connection throws(PostgresError) in
            try await SchemaComparison.missingParts(on: connection)
        }
    }

    /// Applies `schema.sql`, again where it met traffic: it locks `users` before `credits`, writes
    /// take them the other way round, and PostgreSQL ends one of two that wait for each other.
    ///
    /// - Throws: `PostgresError.server` with the list of users where balances stand in the way.
    package func apply() async throws(PostgresError) {
        var attempt = 1
        while true {
            do throws(PostgresError) {
                return try await applyOnce()
            } catch {
                guard error.sqlState == .deadlockDetected, attempt < Self.attempts else {
                    throw error
                }
                attempt += 1
                // A sleep that cancellation ends early is followed by another try, which fails.
                try? await Task.sleep(for: .milliseconds(10 << attempt))
            }
        }
    }

    /// Deadlocks are found after a second each; ten in a row are no accident.
    private static let attempts = 10

    private func applyOnce() async throws(PostgresError) {
        // The whole array is the text; SwiftPM embeds the file's bytes.
        let script = String(decoding: PackageResources.schema_sql, as: UTF8.self)
        try await pool.use { connection throws(PostgresError) in
            do throws(PostgresError) {
                try await connection.runScript(script)
            } catch {
                // The script began a transaction and did not reach its end.
                await connection.close()
                throw error
            }
        }
    }
}
