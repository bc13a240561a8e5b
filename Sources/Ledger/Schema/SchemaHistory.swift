import Postgres

/// A line of `schema_changes`, as it is read.
package struct RecordedSchemaChange: Hashable, Sendable {
    package let id: Int64
    package let appliedAt: Timestamp
    package let sql: String
    package let requestID: String
    package let actor: String?
    /// `applied`, or `refused:` and the guard or the SQLSTATE.
    package let outcome: String
    package let durationMilliseconds: Double
    /// JSON arrays; nil where there was nothing to tell, and for changes before they were kept.
    package let difference: String?
    package let rowsChanged: String?
}

package struct SchemaHistoryPage: Hashable, Sendable {
    /// Newest first.
    package let changes: [RecordedSchemaChange]
    /// Give it as `below` to get the next page; nil on the last.
    package let next: Int64?
}

/// A table or a view, as it stands now.
package struct TableListing: Hashable, Sendable {
    package struct Column: Hashable, Sendable {
        package let name: String
        package let type: String
        package let isNullable: Bool
        package let defaultValue: String?
    }

    package let name: String
    package let kind: String
    package var columns: [Column]
}

/// The SQL that reads the schema and what became of it.
struct SchemaStore: Sendable {
    /// Columns in one listing: a few hundred tables.
    static let columns: Int64 = 10_000

    let pool: ConnectionPool

    func changes(
        below end: Int64?, limit: Int
    ) async throws(PostgresError) -> SchemaHistoryPage {
        let changes = try await pool.run(page(below: end, limit: limit), givingWay: true)
            .decodeEach(RecordedSchemaChange.init)
        let page = Array(changes.prefix(limit))
        return SchemaHistoryPage(
            changes: page, next: changes.count > limit ? page.last?.id : nil)
    }

    func page(below end: Int64?, limit: Int) -> Statement {
        """
        SELECT change_id, applied_at, sql, request_id, actor, outcome, duration_ms,
            diff::text AS diff, rows_changed::text AS rows_changed
        FROM schema_changes WHERE change_id < \(end ?? .max)
        ORDER BY change_id DESC LIMIT \(Int64(limit) + 1)
        """
    }

    /// In the order of their names; `isComplete` is false where there are more than fit.
    func tables() async throws(PostgresError) -> (tables: [TableListing], isComplete: Bool) {
        let rows = try await pool.run(Self.listing, givingWay: true)
        var tables: [TableListing] = []
        for row in rows.prefix(Int(Self.columns)) {
            let (table, kind, name, type, isNullable, defaultValue) = try row.decode(
                String.self, String.self, String?.self, String?.self, Bool?.self, String?.self)
            if tables.last?.name != table {
                tables.append(TableListing(name: table, kind: kind, columns: []))
            }
            guard let name, let type, let isNullable else { continue }
            tables[tables.count - 1].columns.append(
                .init(name: name, type: type, isNullable: isNullable, defaultValue: defaultValue))
        }
        return (tables, rows.count <= Int(Self.columns))
    }

    static let listing: Statement = """
        SELECT format('%I.%I', nspname, relname),
            CASE WHEN relkind IN ('v', 'm') THEN 'view' ELSE 'table' END, attname::text,
            format_type(atttypid, atttypmod), NOT attnotnull, pg_get_expr(adbin, adrelid)
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            LEFT JOIN pg_attribute ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
            LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum AND attgenerated = ''
        WHERE relkind IN ('r', 'p', 'f', 'v', 'm') AND nspname !~ '^pg_'
            AND nspname <> 'information_schema'
        ORDER BY nspname, relname, attnum LIMIT \(Self.columns + 1)
        """
}

extension RecordedSchemaChange {
    fileprivate init(_ row: Row) throws(PostgresError) {
        (
            id, appliedAt, sql, requestID, actor, outcome, durationMilliseconds, difference,
            rowsChanged
        ) = try row.decode(
            Int64.self, Timestamp.self, String.self, String.self, String?.self, String.self,
            Double.self, String?.self, String?.self)
    }
}
