import HTTP
import Ledger
import Postgres
import TestSupport
import Testing

@testable import CreditsAPI

struct `A server without keys` {
    @Test func `is closed by the first key, and opened by the last one's revocation`()
        async throws
    {
        try await withAPI(.forTests) { api in
            #expect(try await api.ask("GET /api/users").status == .ok)
            let (key, id) = try await api.newKey(#""keys:manage""#, by: [:])
            #expect(try await api.ask("GET /api/users").status == .unauthorized)
            #expect(try await api.ask("DELETE /api/keys/\(id)", nil, key).status == .ok)
            #expect(try await api.ask("GET /api/users").status == .ok)
        }
    }

    @Test func `is never open to others`() async throws {
        let settings = APISettings(
            version: "1", isLoopbackOnly: false, hasStoredKeys: true)
        try await withAPI(settings) { api in
            let host: Fields = ["Host": "credits.example"]
            let response = try await api.ask("GET /api/users", nil, host)
            #expect(response.status == .unauthorized)
        }
    }
}

struct `A call without a key` {
    @Test func `may do what the anonymous may`() async throws {
        var settings = APISettings.closed()
        settings.anonymousScopes = [.readUsers]
        try await withAPI(settings) { api in
            let users = try await api.ask("GET /api/users")
            #expect(users.status == .ok)
            #expect(try await api.ask("GET /api/keys").status == .unauthorized)
            // A key that is shown has to be right.
            let wrong: Fields = ["X-API-Key": "wrong"]
            #expect(try await api.ask("GET /api/users", nil, wrong).status == .unauthorized)
        }
    }
}

struct `The actor of a write` {
    @Test func `is told by the ledger, and is no part of an idempotency key`() async throws {
        try await withAPI(.closed()) { api in
            let user = try await api.newUser().rawValue
            let (writer, id) = try await api.newKey(#""credits:write","credits:read""#)
            for fields in [writer, .admin] {
                var fields = fields
                fields.append("Idempotency-Key", "one")
                let added = try await api.ask(
                    "POST /api/credits/\(user)/add", #"{"amount":5}"#, fields)
                #expect(added.status == .ok)
            }
            let page = try await api.ask("GET /api/credits/\(user)/transactions", nil, writer)
            #expect(page.bodyText.contains(#""actor":"key:\#(id)"}]"#), "\(page.bodyText)")
            #expect(!page.bodyText.contains(#""actor":"admin""#))
        }
    }
}

struct `The audit log` {
    @Test func `tells of keys and deletions, newest first, in pages`() async throws {
        try await withAPI(.closed()) { api in
            let (_, id) = try await api.newKey(#""users:read""#)
            let user = try await api.newUser().rawValue
            _ = try await api.ask("DELETE /api/users/\(user)", nil, .admin)
            _ = try await api.ask("DELETE /api/keys/\(id)", nil, .admin)
            let first = try await api.ask("GET /api/audit?limit=2", nil, .admin)
            let actions = first.bodyText.matches(of: /"action":"([^"]*)"/).map { String($0.1) }
            #expect(actions == ["key.revoked", "user.deleted"])
            #expect(first.bodyText.contains(#""target":"user:\#(user)""#))
            #expect(first.bodyText.contains(#""actor":"admin""#))
            let cursor = try #require(first.text("next_cursor"))
            let rest = try await api.ask("GET /api/audit?cursor=\(cursor)", nil, .admin)
            #expect(rest.bodyText.contains("key.created"))
            #expect(rest.member("next_cursor") == .null)
        }
    }

    @Test func `tells of schema changes, refused ones too, and of grants run by hand`()
        async throws
    {
        try await withAPI(.closed()) { api in
            for sql in ["CREATE TABLE notes (note text)", "DROP TABLE credits CASCADE"] {
                _ = try await api.ask(
                    "POST /api/schema/update", #"{"sql": "\#(sql)"}"#, .admin)
            }
            _ = try await api.ask("POST /api/grants/daily/2024-02-29/run", nil, .admin)
            let log = try await api.ask("GET /api/audit", nil, .admin).bodyText
            let lines = log.matches(
                of: /"actor":"([^"]*)","action":"([^"]*)","target":"([^"]*)"/
            ).map { "\($0.1) \($0.2) \($0.3)" }
            #expect(
                lines == [
                    "admin grant.run grant:daily:2024-02-29",
                    "admin schema.refused schema_change:2",
                    "admin schema.applied schema_change:1",
                ], "\(log)")
        }
    }

    @Test func `cannot be rewritten`() async throws {
        try await withAPI(.closed()) { api in
            _ = try await api.newKey(#""users:read""#)
            await #expect(throws: (any Error).self) {
                try await api.run("DELETE FROM audit_log")
            }
        }
    }
}
