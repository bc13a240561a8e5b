import Postgres

/// The locks of this session on what everybody sees.
struct HeldLocks: Sendable {
    private let locks: Set<Lock>

    private struct Lock: Hashable {
        let id: Int64
        let mode: String
    }

    init(_ rows: Rows) throws(PostgresError) {
        locks = Set(
            try rows.decodeEach { row throws(PostgresError) in
                let (id, mode) = try row.decode(Int64.self, String.self)
                return Lock(id: id, mode: mode)
            })
    }

    /// Those that were not held earlier, on what had a name then.
    func since(_ earlier: HeldLocks, names: [Int64: String]) -> [HeldLock] {
        locks.subtracting(earlier.locks)
            .compactMap { lock in
                names[lock.id].map { HeldLock(table: $0, mode: lock.mode) }
            }
            .sorted { ($0.table, $0.mode) < ($1.table, $1.mode) }
    }

    static let statement: Statement = """
        SELECT relation::int8, mode FROM pg_locks
        WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """

    /// The names of tables, views, indexes and sequences, before SQL may drop them.
    static let names: Statement = """
        SELECT c.oid::int8, format('%I.%I', nspname, relname)
        FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
        WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND relkind <> 'c'
        """

    static func names(from rows: Rows) throws(PostgresError) -> [Int64: String] {
        var names: [Int64: String] = [:]
        for row in rows {
            let (id, name) = try row.decode(Int64.self, String.self)
            names[id] = name
        }
        return names
    }
}
