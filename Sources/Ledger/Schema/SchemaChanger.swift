import Logging
import Postgres

/// Runs raw SQL from a client as one transaction, all or nothing.
///
/// Theory of operation: the SQL travels as a bind into a setting, and PL/pgSQL's EXECUTE runs it
/// from there. EXECUTE takes several statements and refuses transaction commands (0A000), so no
/// COMMIT in the text can end the transaction that holds it. Roles and settings that the SQL
/// changed would outlive it: its connection is closed afterwards and never serves anything else.
struct SchemaChanger: Sendable {
    let pool: ConnectionPool
    let settings: SchemaChangeSettings
    let logger: Logger

    func apply(
        _ sql: String, requestID: String
    ) async throws(LedgerError) -> SchemaChangeOutcome {
        do {
            let change = try await pool.use { connection throws(PostgresError) in
                let result = await run(sql, requestID: requestID, on: connection)
                await connection.close()
                return try result.get()
            }
            logger.notice("schema changed", metadata: ["change_id": "\(change.id)"])
            return .applied(change)
        } catch {
            guard let outcome = SchemaChangeOutcome(refusedWith: error) else {
                throw error.ledgerError
            }
            return outcome
        }
    }

    private func run(
        _ sql: String, requestID: String, on connection: Connection
    ) async -> Result<SchemaChange, PostgresError> {
        do {
            // The first pipeline is the client's: an error in it is the SQL's own.
            let begun = try await connection.runPipeline(
                [
                    "BEGIN",
                    Durability.ensured,
                    limit("lock_timeout", to: settings.lockTimeout),
                    limit("statement_timeout", to: settings.statementTimeout),
                    // One change at a time over all instances.
                    "SELECT pg_advisory_xact_lock(7235701120252)",
                    "SELECT set_config('credits.sql', \(sql), true), clock_timestamp()",
                    "DO $$ BEGIN EXECUTE current_setting('credits.sql'); END $$",
                ])
            let (_, started) = try begun[5][0].decode(String.self, Timestamp.self)
            return .success(try await record(sql, requestID, since: started, on: connection))
        } catch {
            return .failure(error)
        }
    }

    private func record(
        _ sql: String, _ requestID: String, since started: Timestamp, on connection: Connection
    ) async throws(PostgresError) -> SchemaChange {
        let results = try await connection.runPipeline([
            // The SQL may have moved the search path or the role away from the service's tables.
            "RESET ROLE", "RESET ALL",
            """
            INSERT INTO schema_changes (sql, request_id, duration_ms)
            VALUES (\(sql), \(requestID),
                extract(epoch FROM clock_timestamp() - \(started.postgres)) * 1000)
            RETURNING change_id, applied_at, duration_ms
            """,
            "COMMIT",
        ])
        let (id, appliedAt, duration) = try results[2][0].decode(
            Int64.self, Timestamp.self, Double.self)
        return SchemaChange(id: id, appliedAt: appliedAt, durationMilliseconds: duration)
    }

    private func limit(_ name: String, to limit: Duration) -> Statement {
        let milliseconds = String(
            limit.components.seconds * 1000
                + limit.components.attoseconds / 1_000_000_000_000_000)
        return "SELECT set_config(\(name), \(milliseconds), true)"
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
