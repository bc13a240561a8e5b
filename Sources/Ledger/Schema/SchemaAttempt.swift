import Postgres

/// One try at a schema change: a transaction on a connection that serves nothing else afterwards.
///
/// Theory of operation: PL/pgSQL's EXECUTE runs the SQL (see `SchemaScript`). It refuses commands
/// of transactions (0A000), so no COMMIT in the text can end the transaction that holds it. What
/// the SQL put off to the commit is made to happen at once, roles and settings go back to what the
/// connection began with, and only then the guards look: at the catalogue before and after, at the
/// rows that this session changed, and at what the service's own statements do now. One change at
/// a time goes through here, over all instances: an advisory lock sees to that, which is waited
/// for like any other lock.
struct SchemaAttempt: Sendable {
    let request: SchemaChangeRequest
    let settings: SchemaChangeSettings
    let probe: ServiceProbe
    let connection: Connection

    /// What is known before the SQL runs.
    struct Opening: Sendable {
        let before: SchemaSnapshot
        let script: SchemaScript
        /// As they are called before the SQL can put others in front of them.
        let tables: SchemaRecord.Tables
    }

    /// Begins the transaction, alone.
    func open() async throws(PostgresError) -> Opening {
        let statements =
            [TransactionOpening.begin] + Self.settings(settings) + [
                Self.takeTurns, Self.noticeLostClient, Self.surroundings,
            ]
        let results = try await connection.runPipeline(statements + SchemaSnapshot.statements)
        let (changes, auditLog, hasStandardStrings) = try results[statements.count - 1].only
            .decode(String.self, String.self, Bool.self)
        return Opening(
            before: try SchemaSnapshot(Array(results.dropFirst(statements.count))),
            script: SchemaScript(request.sql, hasStandardStrings: hasStandardStrings),
            tables: SchemaRecord.Tables(changes: changes, auditLog: auditLog))
    }

    /// Runs the SQL and everything that it put off, and looks at what came of it.
    func run(from opening: Opening) async throws(PostgresError) -> SchemaPlan {
        let script = opening.script.statements
        let statements: [Statement] =
            script + [
                "SET CONSTRAINTS ALL IMMEDIATE",
                // The role and the settings that the connection began with, whatever they are now.
                "RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL",
            ] + Self.settings(settings)
        let results = try await connection.runPipeline(statements + SchemaSnapshot.statements)
        let after = try SchemaSnapshot(Array(results.dropFirst(statements.count)))
        let pair = SchemaComparisonPair(before: opening.before, after: after)
        let missing = try await SchemaComparison.missingParts(on: connection)
        let findings = try await probe.findings(in: after.tables, on: connection)
        return SchemaPlan(
            hash: try await hash(of: pair),
            statements: try opening.script.ran(results[script.count - 1]),
            differences: pair.differences, rowsChanged: pair.rowsChanged, locks: pair.locks,
            heldMilliseconds: pair.heldMilliseconds,
            guards: pair.verdicts(missing: missing) + [
                GuardVerdict(name: .serviceStatements, saw: findings)
            ])
    }

    /// The server has SHA-256, and no library of ours is needed for it.
    private func hash(of pair: SchemaComparisonPair) async throws(PostgresError) -> String {
        let before = pair.before.objects.map { "\($0.name.kind) \($0.name.text)\n\($0.definition)" }
        let differences = pair.differences.map {
            "\($0.kind) \($0.object)\n\($0.before ?? "")\n\($0.after ?? "")"
        }
        // With their lengths, so that no two plans are one text.
        let text = ([request.sql] + before.sorted() + differences)
            .map { "\($0.utf8.count) \($0)" }.joined(separator: "\n")
        let rows = try await connection.run(
            "SELECT encode(sha256(convert_to(\(text), 'UTF8')), 'hex')")
        return try rows.only.decode(String.self)
    }

    // MARK: Statements

    /// The place of `takeTurns` in the opening's pipeline.
    static let turn = 4

    /// One change at a time over all instances.
    static let takeTurns: Statement = "SELECT pg_advisory_xact_lock(7235701120252)"

    /// A client that is gone is noticed while a statement runs, so that no locks outlast it.
    /// Not every server has the setting (PostgreSQL 14), and not every system lets it be set.
    private static let noticeLostClient: Statement = """
        DO $$ BEGIN PERFORM set_config('client_connection_check_interval', '500ms', true);
        EXCEPTION WHEN OTHERS THEN NULL; END $$
        """

    private static let surroundings: Statement = """
        SELECT (SELECT format('%I.%I', nspname, relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE c.oid = 'schema_changes'::regclass),
            (SELECT format('%I.%I', nspname, relname)
                FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
                WHERE c.oid = 'audit_log'::regclass),
            current_setting('standard_conforming_strings') = 'on'
        """

    static func settings(_ settings: SchemaChangeSettings) -> [Statement] {
        [
            TransactionOpening.settings, limit("lock_timeout", to: settings.lockTimeout),
            limit("statement_timeout", to: settings.statementTimeout),
        ]
    }

    private static func limit(_ name: String, to limit: Duration) -> Statement {
        let milliseconds = String(Int64(limit / .milliseconds(1)))
        return "SELECT set_config(\(name), \(milliseconds), true)"
    }
}
