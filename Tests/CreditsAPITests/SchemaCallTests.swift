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
        ("TRUNCATE users", "0A000", false),
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
            let detail = try #require(response.text("detail"))
            #expect(
                detail.contains("leave out BEGIN, COMMIT")
                    == (sql.hasSuffix("COMMIT") || sql == "VACUUM"))
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
