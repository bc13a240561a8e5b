import Logging
import Postgres

/// Runs raw SQL from a client as one transaction, all or nothing.
///
/// Theory of operation: the SQL travels as a bind into a setting, and PL/pgSQL's EXECUTE runs it
/// from there. EXECUTE takes several statements and refuses transaction commands (0A000), so no
/// COMMIT in the text can end the transaction that holds it. Before the commit the change is
/// recorded, and the catalogue is held against what the service needs: SQL that takes away a table,
/// a type, a trigger or a check is refused. Roles and settings that the SQL changed would outlive
/// it: its connection is closed afterwards and never serves anything else.
struct SchemaChanger: Sendable {
    let pool: ConnectionPool
    let settings: SchemaChangeSettings
    let logger: Logger

    func apply(
        _ sql: String, requestID: String
    ) async throws(LedgerError) -> SchemaChangeOutcome {
        do {
            let outcome = try await pool.use { connection throws(PostgresError) in
                let result = await run(sql, requestID: requestID, on: connection)
                await connection.close()
                return try result.get()
            }
            if case .applied(let change) = outcome {
                logger.notice("schema changed", metadata: ["change_id": "\(change.id)"])
            }
            return outcome
        } catch {
            guard let outcome = SchemaChangeOutcome(refusedWith: error) else {
                throw error.ledgerError
            }
            return outcome
        }
    }

    private func run(
        _ sql: String, requestID: String, on connection: Connection
    ) async -> Result<SchemaChangeOutcome, PostgresError> {
        do {
            let (started, table) = try await execute(sql, on: connection)
            let results = try await connection.runPipeline(
                restoredSession + [record(sql, requestID, since: started, in: table)])
            guard let row = results.last?.first else { return .success(.rejected(.unrecorded)) }
            let missing = try await SchemaComparison.missingParts(on: connection)
            guard missing.isEmpty else {
                return .success(.rejected(.breakingService(missing)))
            }
            _ = try await connection.run("COMMIT")
            return .success(.applied(try SchemaChange(row)))
        } catch {
            return .failure(error)
        }
    }

    /// Begins the transaction and runs the SQL in it; returns when, and the name of the table that
    /// is
    /// `schema_changes` before the SQL can put another one in front of it.
    private func execute(
        _ sql: String, on connection: Connection
    ) async throws(PostgresError) -> (started: Timestamp, table: String) {
        let results = try await connection.runPipeline([
            TransactionOpening.begin, TransactionOpening.settings,
            limit("lock_timeout", to: settings.lockTimeout),
            limit("statement_timeout", to: settings.statementTimeout),
            // One change at a time over all instances.
            "SELECT pg_advisory_xact_lock(7235701120252)",
            """
            SELECT clock_timestamp(), quote_ident(nspname) || '.schema_changes',
                set_config('credits.sql', \(sql), true)
            FROM pg_namespace n JOIN pg_class c ON c.relnamespace = n.oid
            WHERE c.oid = 'schema_changes'::regclass
            """,
            "DO $$ BEGIN EXECUTE current_setting('credits.sql'); END $$",
        ])
        let (started, table, _) = try results[5].only.decode(
            Timestamp.self, String.self, String.self)
        return (started, table)
    }

    /// The role and the settings that the connection began with, whatever the SQL made of them.
    private var restoredSession: [Statement] {
        ["RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL", TransactionOpening.settings]
    }

    private func record(
        _ sql: String, _ requestID: String, since started: Timestamp, in table: String
    ) -> Statement {
        """
        INSERT INTO \(unescaped: table) (sql, request_id, duration_ms)
        VALUES (\(sql), \(requestID),
            extract(epoch FROM clock_timestamp() - \(started.postgres)) * 1000)
        RETURNING change_id, applied_at, duration_ms
        """
    }

    private func limit(_ name: String, to limit: Duration) -> Statement {
        let milliseconds = String(Int64(limit / .milliseconds(1)))
        return "SELECT set_config(\(name), \(milliseconds), true)"
    }
}

extension SchemaChange {
    fileprivate init(_ row: Row) throws(PostgresError) {
        (id, appliedAt, durationMilliseconds) = try row.decode(
            Int64.self, Timestamp.self, Double.self)
    }
}

extension SchemaChangeOutcome {
    /// nil where the failure says nothing of the SQL.
    fileprivate init?(refusedWith error: PostgresError) {
        guard case .server(let message) = error, !message.leavesOutcomeOpen else { return nil }
        let rejection = SchemaRejection(
            message: message.message, sqlState: message.sqlState.rawValue,
            position: message.internalPosition ?? message.position, detail: message.detail,
            hint: message.hint)
        self =
            message.sqlState == .lockNotAvailable
            ? .lockNotAvailable(rejection) : .rejected(rejection)
    }
}

extension SchemaRejection {
    /// Something, such as a trigger, kept the record out of `schema_changes`.
    fileprivate static let unrecorded = ours("the change could not be recorded in schema_changes")

    /// The service could not go on, or could not keep its promises, after this change.
    fileprivate static func breakingService(_ missing: [String]) -> SchemaRejection {
        ours("the service needs what this change takes away: " + missing.joined(separator: "; "))
    }

    /// Under PostgreSQL's own SQLSTATE for a trigger that vetoes (09000).
    private static func ours(_ message: String) -> SchemaRejection {
        SchemaRejection(message: message, sqlState: "09000", position: nil, detail: nil, hint: nil)
    }
}
