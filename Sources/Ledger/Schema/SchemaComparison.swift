import Postgres

/// Holds a database's catalogue against what the service needs.
enum SchemaComparison {
    /// The version that `schema.sql` writes into `credits_schema`.
    static let version: Int32 = 3

    /// What is missing or otherwise than needed, a phrase each; empty when the schema is current.
    static func missingParts(on connection: Connection) async throws(PostgresError) -> [String] {
        let results = try await connection.runPipeline([columns, objects])
        var found: [RequiredColumn.Name: String] = [:]
        for row in results[0] {
            let (table, column, type) = try row.decode(String.self, String.self, String.self)
            found[.init(table: table, column: column)] = type
        }
        let missing = RequiredColumn.problems(given: found)
        // Without its tables nothing else is worth telling.
        guard missing.isEmpty else { return missing }
        let objects = try results[1].decodeEach { row throws(PostgresError) in
            try row.decode(String.self)
        }
        return try await RequiredObject.problems(given: objects) + oldVersion(on: connection)
    }

    private static func oldVersion(
        on connection: Connection
    ) async throws(PostgresError) -> [String] {
        let rows = try await connection.run(
            "SELECT coalesce(max(version), 0) FROM credits_schema")
        let found = try rows.only.decode(Int32.self)
        return found >= version ? [] : ["schema.sql was last applied in version \(found)"]
    }

    private static let columns: Statement = """
        SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL)
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        WHERE c.relname = ANY (\(RequiredColumn.tables)::name[]) AND c.relkind IN ('r', 'p')
            AND pg_table_is_visible(c.oid) AND a.attnum > 0 AND NOT a.attisdropped
        """

    /// Begins with the few tables, so that a catalogue of thousands costs no more.
    private static let objects: Statement = """
        WITH tables AS (
            SELECT oid, relname FROM pg_class
            WHERE relname = ANY (\(RequiredColumn.tables)::name[]) AND pg_table_is_visible(oid)
        )
        SELECT format('trigger %s on %s', tgname, relname) FROM pg_trigger
            JOIN tables ON tables.oid = tgrelid WHERE NOT tgisinternal AND tgenabled <> 'D'
        UNION ALL
        SELECT format('constraint %s on %s', conname, relname) FROM pg_constraint
            JOIN tables ON tables.oid = conrelid WHERE convalidated
        UNION ALL
        SELECT format('index %s', indexes.relname) FROM pg_index
            JOIN tables ON tables.oid = indrelid
            JOIN pg_class indexes ON indexes.oid = indexrelid
            WHERE indisunique AND indisvalid
        UNION ALL
        SELECT format('sequence %s', relname) FROM pg_class
            WHERE relname = 'credit_transaction_ids' AND relkind = 'S' AND pg_table_is_visible(oid)
        """
}
