import HTTP
import Postgres
import Ledger
import Testing

@testable import CreditsAPI

struct `The schema call` {
    private let path = "POST /api/schema/update"

    @Test func `changes the schema, and says so`() async throws {
        try await withAPI { api in
            let response = try await api.ask(
                path, #"{"sql":"ALTER TABLE users ADD COLUMN nickname text; SELECT 1"}"#)
            #expect(response.status == .ok)
            #expect(response.text("detail") == "Schema updated")
            #expect(response.integer("change_id") != nil)
            let user = try await api.newUser().rawValue
            #expect(try await api.ask("GET /api/users/\(user)").status == .ok)
        }
    }

    @Test(arguments: [
        ("ALTER TABLE nowhere ADD COLUMN a int", "42P01", false),
        ("ALTR TABLE users", "42601", true),
        ("CREATE TABLE t (); COMMIT", "0A000", false),
        ("VACUUM", "25001", false),
        ("SELECT 1/0", "22012", false),
    ])
    func `passes on what PostgreSQL says of bad SQL`(
        sql: String, sqlState: String, hasPosition: Bool
    ) async throws {
        try await withAPI { api in
            let response = try await api.ask(path, #"{"sql":"\#(sql)"}"#)
            #expect(response.status == .unprocessableContent)
            #expect(response.problem == "schema-change-rejected")
            #expect(response.text("sqlstate") == sqlState)
            #expect(response.places == ["#/sql"])
            if hasPosition { #expect(response.integer("position") == 1) }
        }
    }

    @Test(arguments: [
        #"{}"#, #"{"sql":null}"#, #"{"sql":""}"#, #"{"sql":" \n"}"#, #"{"sql":"a\u0000"}"#,
    ])
    func `refuses what is no SQL at all`(body: String) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(path, body)
            #expect(response.status == .unprocessableContent)
            #expect(response.places == ["#/sql"])
        }
    }

    @Test func `does not wait for a lock for ever`() async throws {
        var settings = SchemaChangeSettings()
        settings.lockTimeout = .milliseconds(50)
        try await withAPI(schema: settings) { api in
            let response = try await api.pool.withTransaction { connection in
                _ = try await connection.run("LOCK TABLE users IN ACCESS SHARE MODE")
                return try await api.ask(path, #"{"sql":"ALTER TABLE users ADD COLUMN a int"}"#)
            }
            #expect(response.status == .conflict)
            #expect(response.problem == "schema-locked")
            #expect(response.fields["Retry-After"] != nil)
        }
    }

    @Test func `needs a key where there is one`() async throws {
        let settings = APISettings(version: "1", isLoopbackOnly: true, adminToken: "s3cret")
        try await withAPI(settings) { api in
            let body = #"{"sql":"SELECT 1"}"#
            let missing = try await api.ask(path, body)
            #expect(missing.status == .unauthorized)
            #expect(missing.fields["WWW-Authenticate"] == "Bearer realm=\"credits\"")
            let wrong = try await api.ask(path, body, ["Authorization": "Bearer other"])
            #expect(wrong.status == .unauthorized)
            #expect(wrong.problem == "invalid-key")
            // The key comes before the body: who has none learns nothing of what is right.
            #expect(try await api.ask(path, "{").status == .unauthorized)
            for fields in [["Authorization": "Bearer s3cret"], ["X-Admin-Token": "s3cret"]]
                as [Fields]
            {
                #expect(try await api.ask(path, body, fields).status == .ok)
            }
        }
    }
}

struct `The schema's plans and records` {
    private let path = "POST /api/schema/update"
    private let sql = "ALTER TABLE users ADD COLUMN nick text"

    @Test func `a plan and a dry run say the same, and its hash lets the change pass`()
        async throws
    {
        try await withAPI { api in
            let plan = try await api.ask("POST /api/schema/plan", #"{"sql":"\#(sql)"}"#)
            let dryRun = try await api.ask(path, #"{"sql":"\#(sql)","dry_run":true}"#)
            #expect(plan.status == .ok && dryRun.status == .ok)
            #expect(plan.member("dry_run") == .bool(true))
            #expect(dryRun.text("plan_hash") == plan.text("plan_hash"))
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
            for query in ["cursor=s1", "limit=0", "page=2"] {
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
