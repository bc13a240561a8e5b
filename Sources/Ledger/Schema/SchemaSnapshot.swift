import Postgres

/// How the database and this session stand at one moment of the change's transaction.
struct SchemaSnapshot: Sendable {
    let objects: [SchemaObject]
    let tables: ServiceTables
    let effects: SessionEffects
    let locks: HeldLocks
    let lockNames: [Int64: String]
    /// The last transaction id that was drawn; nil where there is no such sequence.
    let lastTransactionID: Int64?
    let moment: Timestamp

    /// Effects and locks first: to look at the catalogue takes locks too.
    static let statements: [Statement] = [
        "SELECT clock_timestamp()", HeldLocks.statement, SessionEffects.statement,
        HeldLocks.names, ServiceTables.statement, CatalogueSnapshot.statement,
        """
        SELECT CASE WHEN has_sequence_privilege(seqrelid, 'SELECT')
            THEN pg_sequence_last_value(seqrelid) END
        FROM pg_sequence
        WHERE seqrelid = to_regclass('credit_transaction_ids')
        """,
    ]

    /// - Parameter results: those of `statements`, in their order.
    init(_ results: [Rows]) throws(PostgresError) {
        moment = try results[0].only.decode(Timestamp.self)
        locks = try HeldLocks(results[1])
        effects = try SessionEffects(results[2])
        lockNames = try HeldLocks.names(from: results[3])
        tables = try ServiceTables(results[4])
        objects = try CatalogueSnapshot.objects(from: results[5])
        lastTransactionID = try results[6].first?.decode(Int64?.self) ?? nil
    }
}

/// The database before the SQL and after it.
struct SchemaComparisonPair: Sendable {
    let before: SchemaSnapshot
    let after: SchemaSnapshot
    let differences: [SchemaDifference]

    init(before: SchemaSnapshot, after: SchemaSnapshot) {
        self.before = before
        self.after = after
        differences = SchemaDifference.between(before.objects, after.objects)
    }

    var rowsChanged: [RowsChanged] {
        after.effects.since(before.effects).map { id, count in
            RowsChanged(
                table: after.effects.names[id] ?? before.effects.names[id] ?? "\(id)",
                inserted: count.inserted, updated: count.updated, deleted: count.deleted)
        }
        .sorted { $0.table < $1.table }
    }

    var locks: [HeldLock] { after.locks.since(before.locks, names: before.lockNames) }

    var heldMilliseconds: Double {
        Double(
            after.moment.microsecondsSinceUnixEpoch - before.moment.microsecondsSinceUnixEpoch)
            / 1000
    }
}
