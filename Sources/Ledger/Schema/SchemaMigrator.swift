package import Postgres

/// Brings a database's tables to what this version of the service needs: `schema.sql`, whole or not
/// at all.
package struct SchemaMigrator: Sendable {
    /// The version that `schema.sql` writes into `credits_schema`.
    static let version: Int32 = 1

    private let pool: ConnectionPool

    package init(pool: ConnectionPool) {
        self.pool = pool
    }

    /// What the service needs and the database lacks, a phrase each; empty when the schema is
    /// current.
    package func missingParts() async throws(PostgresError) -> [String] {
        let found = try await foundColumns()
        let missing = RequiredColumn.problems(given: found)
        guard missing.isEmpty else { return missing }
        let rows = try await pool.run("SELECT coalesce(max(version), 0) FROM credits_schema")
        let version = try rows[0].decode(Int32.self)
        return version >= Self.version ? [] : ["schema.sql was last applied in version \(version)"]
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

    private func foundColumns() async throws(PostgresError) -> [RequiredColumn.Name: String] {
        let rows = try await pool.run(
            """
            SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)
            FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
            WHERE c.relname = ANY (\(RequiredColumn.tables)::name[]) AND c.relkind IN ('r', 'p')
                AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped
            """)
        var found: [RequiredColumn.Name: String] = [:]
        for row in rows {
            let (table, column, type) = try row.decode(String.self, String.self, String.self)
            found[.init(table: table, column: column)] = type
        }
        return found
    }
}
