import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("Schema changes")
struct SchemaChangeTests {
    @Test("SQL of several statements is applied and recorded")
    func applies() async throws {
        try await withLedger { ledger in
            let sql = "CREATE TABLE badges (id int); ALTER TABLE badges ADD COLUMN name text"

            let outcome = try await ledger.service.applySchemaChange(sql, requestID: "request-1")

            guard case .applied(let change) = outcome else {
                Issue.record("not applied: \(outcome)")
                return
            }
            #expect(change.id == 1 && change.durationMilliseconds > 0)
            #expect(try await ledger.count("SELECT count(name) FROM badges") == 0)
            #expect(
                try await ledger.count(
                    """
                    SELECT count(*) FROM schema_changes
                    WHERE sql = \(sql) AND request_id = 'request-1'
                    """) == 1)
        }
    }

    @Test(
        "bad SQL is rejected in PostgreSQL's words, with its place",
        arguments: [
            ("ALTR TABLE users", "42601", 1),
            ("ALTER TABLE nowhere ADD COLUMN a int", "42P01", nil),
            ("SELECT 1; SELEC 2", "42601", 11), ("SELECT missing FROM users", "42703", 8),
            ("DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", "P0001", nil),
            ("SELECT 'ä'; SELECT missing", "42703", 20),
            ("SELECT 1; INSERT INTO users (email) VALUES ('a', 'b')", "42601", 50),
            // In one of two that are the same, and in what is no text of the SQL's own.
            ("SELECT missing;SELECT missing;", "42703", nil),
            ("DO $$ BEGIN PERFORM missing; END $$", "42703", nil),
        ] as [(String, String, Int?)])
    func rejects(sql: String, sqlState: String, position: Int?) async throws {
        try await withLedger { ledger in
            let outcome = try await ledger.service.applySchemaChange(sql, requestID: "r")
            guard case .rejected(let rejection) = outcome else {
                Issue.record("not rejected: \(outcome)")
                return
            }
            #expect(rejection.sqlState == sqlState)
            #expect(rejection.position == position)
        }
    }

    @Test(
        "nothing in the SQL can leave its transaction",
        arguments: [
            "CREATE TABLE escaped (id int); COMMIT; SELECT 1/0",
            "CREATE TABLE escaped (id int); COMMIT; BEGIN; SELECT 1/0",
            "CREATE TABLE escaped (id int); ROLLBACK; CREATE TABLE escaped (id int); SELECT 1/0",
            "CREATE TABLE escaped (id int); SAVEPOINT s; SELECT 1/0",
            "CREATE TABLE escaped (id int); DO $x$ BEGIN COMMIT; END $x$; SELECT 1/0",
            "CREATE TABLE escaped (id int); END; SELECT 1/0",
            "CREATE TABLE escaped (id int); SELECT 1/0",
            "CREATE TABLE escaped (id int); ROLLBACK AND CHAIN",
            "CREATE TABLE escaped (id int); PREPARE TRANSACTION 'x'",
            "$$; CREATE TABLE escaped (id int); COMMIT; DO $$",
        ])
    func staysInTransaction(sql: String) async throws {
        try await withLedger { ledger in
            let outcome = try await ledger.service.applySchemaChange(sql, requestID: "r")

            if case .applied = outcome { Issue.record("applied: \(sql)") }
            #expect(try await ledger.appliedChanges() == 0)
            #expect(
                try await ledger.count("SELECT count(*) FROM pg_class WHERE relname = 'escaped'")
                    == 0)
        }
    }

    @Test("settings that the SQL leaves behind reach nobody, and the record finds its table")
    func leavesNothingBehind() async throws {
        try await withLedger { ledger in
            let outcome = try await ledger.service.applySchemaChange(
                "SET search_path TO nowhere; SET statement_timeout TO 1", requestID: "r")

            if case .applied = outcome {} else { Issue.record("not applied: \(outcome)") }
            for _ in 0..<8 {
                #expect(try await ledger.appliedChanges() == 1)
            }
        }
    }

    @Test("a change that cannot get its lock in time gives up, and changes nothing")
    func givesUpOnLocks() async throws {
        var settings = SchemaChangeSettings()
        settings.lockTimeout = .milliseconds(50)
        try await withLedger(schemaSettings: settings) { ledger in
            try await ledger.pool.useInTransaction { connection throws(PostgresError) in
                _ = try await connection.run("LOCK TABLE users")
                let outcome = try? await ledger.service.applySchemaChange(
                    "ALTER TABLE users ADD COLUMN nick text", requestID: "r")
                guard case .lockNotAvailable(let rejection) = outcome else {
                    Issue.record("not refused: \(String(describing: outcome))")
                    return
                }
                #expect(rejection.sqlState == "55P03")
            }
            #expect(try await ledger.appliedChanges() == 0)
        }
    }
}
