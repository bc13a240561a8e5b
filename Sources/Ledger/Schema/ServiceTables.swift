import Postgres

/// The service's tables as the catalogue numbers them, with their partitions and heirs: whose rows
/// are the service's. A table that was made anew, emptied or rewritten has another number or
/// another file, whatever it is called.
struct ServiceTables: Hashable, Sendable {
    struct Member: Hashable, Sendable {
        /// `credits` for the table and all of its partitions.
        let table: String
        let id: Int64
        let file: Int64
    }

    let members: Set<Member>
    /// The tables' names with their schemas, by their bare names.
    let qualifiedNames: [String: String]

    init(_ rows: Rows) throws(PostgresError) {
        var members: Set<Member> = []
        var names: [String: String] = [:]
        for row in rows {
            let (table, id, file, name) = try row.decode(
                String.self, Int64.self, Int64.self, String?.self)
            members.insert(Member(table: table, id: id, file: file))
            if let name { names[table] = name }
        }
        self.members = members
        qualifiedNames = names
    }

    /// Those whose rows change through the API, and nowhere else: all but the users.
    static let ledger = Set(RequiredColumn.tables).subtracting(["users"])

    /// The ledger's tables and their partitions, by number.
    var ledgerTables: [Int64: String] {
        Dictionary(
            members.filter { Self.ledger.contains($0.table) }.map { ($0.id, $0.table) }
        ) { first, _ in first }
    }

    /// The bare name of a service's table, by its name with its schema.
    func bareName(of qualified: String) -> String? {
        qualifiedNames.first { $0.value == qualified }?.key
    }

    static let statement: Statement = """
        WITH RECURSIVE family (root, id, name) AS (
            SELECT relname::text, c.oid, format('%I.%I', nspname, relname)
            FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
            WHERE relname = ANY (\(RequiredColumn.tables)::name[]) AND relkind IN ('r', 'p')
                AND pg_table_is_visible(c.oid)
            UNION ALL
            SELECT root, inhrelid, NULL FROM family JOIN pg_inherits ON inhparent = id
        )
        SELECT root, id::int8, relfilenode::int8, name FROM family JOIN pg_class c ON c.oid = id
        """
}

/// What one session has done so far: rows changed, and locks held, by table.
struct SessionEffects: Sendable {
    struct Count: Hashable, Sendable {
        var inserted: Int64 = 0
        var updated: Int64 = 0
        var deleted: Int64 = 0

        static func - (left: Count, right: Count) -> Count {
            Count(
                inserted: left.inserted - right.inserted, updated: left.updated - right.updated,
                deleted: left.deleted - right.deleted)
        }
    }

    /// By the table's number; nothing for a table that was not touched.
    private(set) var counts: [Int64: Count] = [:]
    private(set) var names: [Int64: String] = [:]

    init(_ rows: Rows) throws(PostgresError) {
        for row in rows {
            let (id, name, inserted, updated, deleted) = try row.decode(
                Int64.self, String.self, Int64.self, Int64.self, Int64.self)
            counts[id] = Count(inserted: inserted, updated: updated, deleted: deleted)
            names[id] = name
        }
    }

    /// What was done since: a session may have a transaction before ours in its counters.
    func since(_ earlier: SessionEffects) -> [Int64: Count] {
        var counts = counts
        for (id, count) in earlier.counts { counts[id] = (counts[id] ?? count) - count }
        return counts.filter { $0.value != Count() }
    }

    static let statement: Statement = """
        SELECT relid::int8, format('%I.%I', schemaname, relname), n_tup_ins, n_tup_upd, n_tup_del
        FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
        """
}
