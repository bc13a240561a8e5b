import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Schema changes beside traffic, other changes, and what dies.
struct `Schema changes under way` {
    /// Each changes the columns that prepared statements return or rest on.
    static let changes = [
        "ALTER TABLE users ALTER COLUMN name TYPE varchar(200)",
        "ALTER TABLE users ALTER COLUMN email TYPE text",
        """
        ALTER TABLE users ALTER COLUMN created_at TYPE timestamptz(6);
        ALTER TABLE credit_transactions ALTER COLUMN created_at TYPE timestamptz(6)
        """,
        "ALTER TABLE credits ADD COLUMN note text",
        "ALTER TABLE credit_transactions ADD COLUMN note text DEFAULT 'none'",
        "CREATE INDEX by_name ON users (name)", "DROP INDEX by_name",
        "ALTER TABLE credits DROP COLUMN note",
    ]

    @Test func `two instances go on under any of them, and no client hears of a stale plan`()
        async throws
    {
        try await withLedger { ledger in
            let other = ledger.anotherInstance()
            let user = try await ledger.newUser()
            for sql in ["SELECT 1"] + Self.changes {
                var request = SchemaChangeRequest(sql: sql, requestID: "r")
                request.retries = 10
                let outcome = try await ledger.service.changeSchema(request)
                if case .applied = outcome {} else { Issue.record("\(sql): \(outcome)") }
                for service in [ledger.service, other] {
                    _ = try await concurrently(12) { index in
                        // Each statement twice and more, so that each is prepared.
                        _ = try await service.account(of: user)
                        _ = try await service.perform(Command(user: user, change: add(1)))
                        _ = try await service.user(user)
                        _ = try await service.users(after: nil, limit: 5)
                        _ = try await service.history(
                            of: user, HistoryFilter(), below: nil, limit: 5)
                        let email = "u\(index)-\(UInt64.random(in: .min ... .max))@example.com"
                        _ = try await service.createUser(
                            try #require(NewUser(email: email, name: "N")))
                    }
                }
            }
            let total = Int64((Self.changes.count + 1) * 2 * 12)
            #expect(try await ledger.service.account(of: user)?.credits == total)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `of many changes at once on two instances each is whole, one after the other`()
        async throws
    {
        try await withLedger { ledger in
            let other = ledger.anotherInstance()
            let outcomes = try await concurrently(8) { index in
                let service = index.isMultiple(of: 2) ? ledger.service : other
                var request = SchemaChangeRequest(
                    sql: "CREATE TABLE t\(index) (); SELECT count(*) FROM t\(index)",
                    requestID: "r")
                request.retries = 10
                return try await service.changeSchema(request)
            }

            for outcome in outcomes {
                guard case .applied(let change) = outcome else {
                    Issue.record("not applied: \(outcome)")
                    continue
                }
                // What another change made meanwhile is not told as this one's.
                #expect(change.plan.differences.count == 1)
            }
            #expect(try await ledger.appliedChanges() == 8)
        }
    }

    @Test func `a change that waits in vain for its turn is told so, and recorded`() async throws {
        var settings = SchemaChangeSettings()
        settings.lockTimeout = .milliseconds(50)
        try await withLedger(schemaSettings: settings) { ledger in
            try await ledger.pool.useInTransaction { connection throws(PostgresError) in
                _ = try await connection.run(SchemaAttempt.takeTurns)
                let outcome = try? await ledger.service.applySchemaChange(
                    "SELECT 1", requestID: "r")
                #expect(outcome == .busy)
            }
            let recorded = try await ledger.pool.run("SELECT outcome FROM schema_changes")
            #expect(try recorded.only.decode(String.self) == "refused:busy")
        }
    }

    @Test func `a change is tried again until its lock is free, where that is asked`()
        async throws
    {
        var settings = SchemaChangeSettings()
        settings.lockTimeout = .milliseconds(20)
        settings.retryPause = .milliseconds(1)
        try await withLedger(schemaSettings: settings) { ledger in
            var request = SchemaChangeRequest(
                sql: "ALTER TABLE users ADD COLUMN nick text", requestID: "r")
            request.retries = 10
            let waiting = request
            let outcome = try await ledger.pool.withConnection { connection in
                try await connection.runPipeline(["BEGIN", "LOCK TABLE users IN SHARE MODE"])
                async let outcome = ledger.service.changeSchema(waiting)
                try await ledger.waitForQueue(of: 1, at: "users")
                // The try that waits may still fail; one of those that follow does not.
                try await connection.run("COMMIT")
                return try await outcome
            }
            if case .applied = outcome {} else { Issue.record("not applied: \(outcome)") }
            #expect(try await ledger.count("SELECT count(*) FROM schema_changes") == 1)
        }
    }

    @Test func `a session that is killed in the middle leaves nothing but its record`()
        async throws
    {
        try await withLedger { ledger in
            let before = try await ledger.catalogue()
            let sql = "CREATE TABLE half (); SELECT pg_sleep(600)"
            async let outcome = ledger.service.applySchemaChange(sql, requestID: "r")
            var killed: [[String?]] = []
            while killed.isEmpty {
                killed = try await ledger.database.administer(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event = 'PgSleep'
                    """)
            }
            do {
                Issue.record("not killed: \(try await outcome)")
            } catch let error as LedgerError {
                #expect(error == .unavailable)
            }
            try await ledger.expectUnharmed(since: before)
            let recorded = try await ledger.pool.run("SELECT outcome FROM schema_changes")
            #expect(try recorded.only.decode(String.self) == "refused:connection-lost")
        }
    }

    @Test func `a commit that was never answered is settled by its record`() async throws {
        try await withLedger { ledger in
            let request = SchemaChangeRequest(sql: "CREATE TABLE done ()", requestID: "r")
            let changer = SchemaChanger(
                pool: ledger.pool, afterwards: ledger.pool, settings: .patient,
                logger: quietLogger)
            guard case .applied(let change) = try await changer.change(request) else {
                Issue.record("not applied")
                return
            }

            #expect(try await changer.settle(change, of: request) == .applied(change))

            // The number was drawn, and its row went with the session.
            let lost = SchemaChange(
                id: change.id + 1, appliedAt: change.appliedAt, durationMilliseconds: 1,
                plan: change.plan)
            do throws(PostgresError) {
                let settled = try await changer.settle(lost, of: request)
                Issue.record("settled: \(settled)")
            } catch {
                guard case .connectionLost = error else {
                    Issue.record("not known to be lost: \(error)")
                    return
                }
            }
        }
    }

    @Test func `a change that runs for too long is stopped, and traffic goes on`() async throws {
        var settings = SchemaChangeSettings()
        settings.statementTimeout = .milliseconds(100)
        try await withLedger(schemaSettings: settings) { ledger in
            let before = try await ledger.catalogue()
            let outcome = try await ledger.service.applySchemaChange(
                "LOCK TABLE users; SET statement_timeout = 0; SELECT pg_sleep(600)", requestID: "r")
            guard case .rejected(let rejection) = outcome else {
                Issue.record("not rejected: \(outcome)")
                return
            }
            #expect(rejection.sqlState == "57014")
            try await ledger.expectUnharmed(since: before)
        }
    }

    @Test func `SQL of a megabyte runs, and a byte more does not`() async throws {
        try await withLedger { ledger in
            let comment = "CREATE TABLE long (); -- "
            let limit = SchemaChangeSettings().sqlBytes
            let filling = String(repeating: "x", count: limit - comment.utf8.count)

            let tooLong = try await ledger.service.applySchemaChange(
                comment + filling + "x", requestID: "r")
            #expect(tooLong == .tooLarge(limit: limit))

            let outcome = try await ledger.service.applySchemaChange(
                comment + filling, requestID: "r")
            if case .applied = outcome {} else { Issue.record("not applied") }
            #expect(
                try await ledger.count("SELECT octet_length(sql)::int8 FROM schema_changes")
                    == Int64(limit))
        }
    }
}
