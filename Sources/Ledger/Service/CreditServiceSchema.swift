import Postgres

extension CreditService {
    /// Runs raw SQL as one transaction that it cannot leave, judges it, and records it; or tells
    /// what it would do, and does nothing.
    package func changeSchema(
        _ request: SchemaChangeRequest
    ) async throws(LedgerError) -> SchemaChangeOutcome {
        try await schemaChanger.change(request)
    }

    /// Schema changes and refusals, newest first.
    ///
    /// - Parameter end: the `next` of the page before; nil for the first.
    package func schemaChanges(
        below end: Int64?, limit: Int
    ) async throws(LedgerError) -> SchemaHistoryPage {
        try await reportingReadErrors { () throws(PostgresError) in
            try await schemaStore.changes(below: end, limit: limit)
        }
    }

    /// The tables and their columns now, and whether that is all of them.
    package func tables() async throws(LedgerError) -> (tables: [TableListing], isComplete: Bool) {
        try await reportingReadErrors { () throws(PostgresError) in
            try await schemaStore.tables()
        }
    }
}
