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

    /// Applies `schema.sql`.
    ///
    /// - Throws: `PostgresError.server` with the list of users where balances stand in the way.
    package func apply() async throws(PostgresError) {
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
