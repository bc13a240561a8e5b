import Postgres
import TestSupport
import Testing

@testable import Ledger

struct `Schema plans` {
    @Test func `a plan says what would change, and changes nothing`() async throws {
        try await withLedger { ledger in
            _ = try await ledger.newUser()
            let before = try await ledger.catalogue()

            let plan = try await ledger.service.plan(
                """
                CREATE TABLE badges (id int PRIMARY KEY);
                INSERT INTO badges SELECT generate_series(1, 3); DELETE FROM badges WHERE id = 3;
                ALTER TABLE users ADD COLUMN nick text; UPDATE users SET nick = name
                """)

            #expect(plan.breach == nil)
            #expect(plan.guards.map(\.name) == SchemaGuard.allCases.filter { $0 != .record })
            #expect(
                plan.differences.map { "\($0.change) \($0.kind) \($0.object)" } == [
                    "added column id on public.badges", "added column nick on public.users",
                    "added constraint badges_pkey on public.badges",
                    "added index badges_pkey on public.badges", "added table public.badges",
                ])
            #expect(
                plan.rowsChanged == [
                    .init(table: "public.badges", inserted: 3, updated: 0, deleted: 1),
                    .init(table: "public.users", inserted: 0, updated: 1, deleted: 0),
                ])
            #expect(
                plan.locks.contains(.init(table: "public.users", mode: "AccessExclusiveLock")))
            #expect(!plan.locks.contains { $0.table == "public.credits" })
            #expect(plan.heldMilliseconds > 0 && plan.hash.count == 64)
            try await ledger.expectUnharmed(since: before)
            #expect(try await ledger.count("SELECT count(*) FROM schema_changes") == 0)
        }
    }

    /// The tags of the simple protocol, by PostgreSQL itself.
    @Test func `a plan tells each statement, its command and its rows`() async throws {
        try await withLedger { ledger in
            let plan = try await ledger.service.plan(
                """
                CREATE TABLE badges (id int); -- ours
                INSERT INTO badges SELECT generate_series(1, 3);;
                UPDATE badges SET id = 5 WHERE id > 1; SET search_path = nowhere, public;
                WITH gone AS (DELETE FROM badges RETURNING id) INSERT INTO badges SELECT 1;
                SELECT * FROM users; VALUES (1), (2); TRUNCATE badges; SHOW work_mem;
                INSERT INTO badges VALUES (7), (8) RETURNING id; CREATE TABLE more AS SELECT 1;
                DO $$ BEGIN PERFORM 1; END $$;
                CREATE FUNCTION one() RETURNS int BEGIN ATOMIC SELECT 2; SELECT 1; END
                """)

            #expect(
                plan.statements.map { "\($0.command ?? "?") \($0.rows)" } == [
                    "CREATE TABLE 0", "INSERT 3", "UPDATE 2", "SET 0", "INSERT 1", "SELECT 0",
                    "SELECT 2", "TRUNCATE TABLE 0", "SHOW 1", "INSERT 2", "CREATE TABLE AS 1",
                    "DO 0", "CREATE FUNCTION 0",
                ])
            #expect(plan.statements[0].sql == "CREATE TABLE badges (id int);")
            #expect(plan.statements[1].sql.hasPrefix(" -- ours\nINSERT INTO badges"))
        }
    }

    /// A setting that the SQL itself changes: the rest of it is cut in the wrong places.
    @Test func `statements that cannot be told apart are run as one, and told as one`()
        async throws
    {
        try await withLedger { ledger in
            let plan = try await ledger.service.plan(
                #"SET LOCAL standard_conforming_strings = off; SELECT '\'; SELECT 1 --'"#)

            #expect(plan.breach == nil)
            #expect(plan.statements.map(\.command) == ["SET", nil])
            #expect(plan.statements.map(\.rows) == [0, 1])
            #expect(plan.statements[1].sql == #" SELECT '\'; SELECT 1 --'"#)
        }
    }

    @Test func `a plan tells of every guard that would refuse`() async throws {
        try await withLedger { ledger in
            let plan = try await ledger.service.plan(
                "ALTER TABLE users DROP COLUMN name; INSERT INTO credits_schema VALUES (false)"
                    .replacing("INSERT INTO credits_schema VALUES (false)", with: "SELECT 1"))

            let failed = plan.guards.filter { !$0.isPassed }.map(\.name)
            #expect(failed == [.requiredObjects, .serviceStatements])
        }
    }

    @Test func `a plan is applied by its hash, once`() async throws {
        try await withLedger { ledger in
            let sql = "ALTER TABLE users ADD COLUMN nick text"
            var request = SchemaChangeRequest(sql: sql, requestID: "r")
            request.expectedPlan = try await ledger.service.plan(sql).hash
            #expect(try await ledger.service.plan(sql).hash == request.expectedPlan)

            guard case .applied(let change) = try await ledger.service.changeSchema(request) else {
                Issue.record("not applied")
                return
            }
            #expect(change.plan.hash == request.expectedPlan)
        }
    }

    @Test func `a plan that was looked at is not applied to another schema`() async throws {
        try await withLedger { ledger in
            let sql = "ALTER TABLE users ADD COLUMN IF NOT EXISTS nick text"
            var request = SchemaChangeRequest(sql: sql, requestID: "r")
            request.expectedPlan = try await ledger.service.plan(sql).hash
            try await ledger.database.run("CREATE TABLE meanwhile (id int)")

            let outcome = try await ledger.service.changeSchema(request)

            guard case .planDiffers(let plan) = outcome else {
                Issue.record("not refused: \(outcome)")
                return
            }
            #expect(plan.hash != request.expectedPlan)
            #expect(try await ledger.appliedChanges() == 0)
            let recorded = try await ledger.pool.run("SELECT outcome FROM schema_changes")
            #expect(try recorded.only.decode(String.self) == "refused:plan-differs")
        }
    }

    @Test func `the record has the SQL, what it changed, who did it and how it ended`()
        async throws
    {
        try await withLedger { ledger in
            var request = SchemaChangeRequest(
                sql: "CREATE TABLE badges (id int); INSERT INTO badges VALUES (1)",
                requestID: "request-1")
            request.actor = ActorName("key:deploy")
            _ = try await ledger.service.changeSchema(request)
            _ = try await ledger.service.applySchemaChange("SELEC 1", requestID: "request-2")

            let page = try await ledger.service.schemaChanges(below: nil, limit: 1)

            let refused = try #require(page.changes.first)
            #expect(refused.outcome == "refused:42601" && refused.requestID == "request-2")
            #expect(refused.difference == nil && refused.actor == nil)
            let rest = try await ledger.service.schemaChanges(below: page.next, limit: 1)
            let applied = try #require(rest.changes.first)
            #expect(rest.next == nil)
            #expect(applied.outcome == "applied" && applied.actor == "key:deploy")
            #expect(applied.sql == request.sql && applied.durationMilliseconds > 0)
            #expect(applied.difference?.contains("public.badges") == true)
            #expect(applied.rowsChanged?.contains(#""inserted" : 1"#) == true)
        }
    }

    @Test func `the schema is told with its tables and columns`() async throws {
        try await withLedger { ledger in
            let (tables, isComplete) = try await ledger.service.tables()

            #expect(isComplete)
            let users = try #require(tables.first { $0.name == "public.users" })
            let name = try #require(users.columns.first { $0.name == "name" })
            #expect(name.type == "character varying(100)" && !name.isNullable)
            #expect(users.columns.map(\.name).contains("deleted_at"))
        }
    }
}
