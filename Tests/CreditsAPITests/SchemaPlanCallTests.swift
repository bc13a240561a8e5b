import HTTP
import Postgres
import Ledger
import Testing

@testable import CreditsAPI

struct `The schema's plans and records` {
    private let path = "POST /api/schema/update"
    private let sql = "ALTER TABLE users ADD COLUMN nick text"

    @Test func `a plan and a dry run say the same, and its hash lets the change pass`()
        async throws
    {
        try await withAPI { api in
            let plan = try await api.ask("POST /api/schema/plan", #"{"sql":"\#(sql)"}"#)
            let dryRun = try await api.ask(path, #"{"sql":"\#(sql)","dry_run":true}"#)
            #expect(plan.status == .ok, "\(plan.bodyText)")
            #expect(dryRun.status == .ok, "\(dryRun.bodyText)")
            #expect(plan.member("dry_run") == .bool(true))
            #expect(dryRun.text("plan_hash") == plan.text("plan_hash"))
            #expect(
                plan.member("statements")
                    == [["sql": .string(sql), "command": "ALTER TABLE", "rows": 0]])
            let hash = try #require(plan.text("plan_hash"))

            let applied = try await api.ask(
                path, #"{"sql":"\#(sql)","plan_hash":"\#(hash)","retry":1}"#)
            #expect(applied.status == .ok)
            #expect(applied.text("detail") == "Schema updated")
            #expect(applied.text("plan_hash") == hash)
            #expect(
                applied.member("diff") == [
                    [
                        "change": "added", "kind": "column", "object": "nick on public.users",
                        "before": nil, "after": "text",
                    ]
                ])

            let again = try await api.ask(
                path, #"{"sql":"DROP TABLE IF EXISTS none","plan_hash":"\#(hash)"}"#)
            #expect(again.status == .conflict)
            #expect(again.problem == "schema-plan-differs")
        }
    }

    @Test func `a guard's refusal has its name and what it saw`() async throws {
        try await withAPI { api in
            let response = try await api.ask(
                path, #"{"sql":"ALTER TABLE users DROP COLUMN name"}"#)
            #expect(response.status == .unprocessableContent)
            #expect(response.problem == "schema-guard")
            #expect(response.text("guard") == "required-objects")
            #expect(response.member("saw") == ["column users.name is missing"])

            let plan = try await api.ask(
                path, #"{"sql":"ALTER TABLE users DROP COLUMN name","dry_run":true}"#)
            #expect(plan.status == .ok)
            #expect(plan.text("detail")?.contains("required-objects") == true)
        }
    }

    @Test func `changes and refusals are listed, page by page, with what they did`() async throws {
        try await withAPI { api in
            _ = try await api.ask(path, #"{"sql":"\#(sql)"}"#, ["X-Request-Id": "first"])
            _ = try await api.ask(path, #"{"sql":"SELECT 1/0"}"#)
            _ = try await api.ask("POST /api/schema/plan", #"{"sql":"SELECT 1"}"#)

            let page = try await api.ask("GET /api/schema/changes?limit=1")
            #expect(page.bodyText.contains(#""outcome":"refused:22012""#))
            let cursor = try #require(page.text("next_cursor"))
            #expect(page.fields["Link"]?.contains(cursor) == true)

            let last = try await api.ask("GET /api/schema/changes?limit=1&cursor=\(cursor)")
            #expect(last.bodyText.contains(#""outcome":"applied""#))
            #expect(last.bodyText.contains(#""request_id":"first""#))
            #expect(last.bodyText.contains("nick on public.users"))
            #expect(last.member("next_cursor") == .null)
            for query in ["cursor=p1", "limit=0", "page=2"] {
                let refused = try await api.ask("GET /api/schema/changes?\(query)")
                #expect(refused.status == .unprocessableContent)
            }
        }
    }

    @Test func `the schema is read with its columns`() async throws {
        try await withAPI { api in
            let response = try await api.ask("GET /api/schema")
            #expect(response.status == .ok)
            #expect(response.bodyText.contains(#""name":"public.credit_transactions""#))
        }
    }

    @Test(arguments: [
        (#""dry_run":1"#, "#/dry_run"), (#""plan_hash":"x""#, "#/plan_hash"),
        (#""retry":11"#, "#/retry"), (#""retry":-1"#, "#/retry"), (#""retry":1.5"#, "#/retry"),
    ])
    func `what cannot be meant is refused`(member: String, place: String) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(path, #"{"sql":"SELECT 1",\#(member)}"#)
            #expect(response.status == .unprocessableContent)
            #expect(response.places == [place])
        }
    }

    @Test func `SQL beyond the limit is refused, and so is a second change at once`() async throws {
        var settings = SchemaChangeSettings()
        settings.lockTimeout = .milliseconds(50)
        settings.sqlBytes = 20
        try await withAPI(schema: settings) { api in
            let long = try await api.ask(path, #"{"sql":"SELECT 1, 2, 3, 4, 5, 6"}"#)
            #expect(long.status == .unprocessableContent)
            #expect(long.places == ["#/sql"])

            let busy = try await api.pool.withTransaction { connection in
                _ = try await connection.run("SELECT pg_advisory_xact_lock(7235701120252)")
                return try await api.ask(path, #"{"sql":"SELECT 1"}"#)
            }
            #expect(busy.status == .conflict)
            #expect(busy.problem == "schema-busy")
            #expect(busy.fields["Retry-After"] != nil)
        }
    }
}
