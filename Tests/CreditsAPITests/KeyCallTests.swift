import HTTP
import Ledger
import Postgres
import TestSupport
import Testing

@testable import CreditsAPI

struct `A key` {
    @Test func `is told once, and kept as a hash`() async throws {
        try await withAPI(.closed()) { api in
            let (fields, id) = try await api.newKey(#""credits:read""#)
            let secret = try #require(fields["Authorization"]?.dropFirst(7))
            let isWellFormed = secret.wholeMatch(of: /credits_[0-9a-f]{64}/) != nil
            #expect(isWellFormed)
            let list = try await api.ask("GET /api/keys", nil, .admin)
            #expect(list.status == .ok)
            #expect(!list.bodyText.contains(secret))
            let rows = try await api.run("SELECT k::text FROM api_keys k")
            let row = try #require(rows.first).decode(String.self)
            #expect(row.contains("\(id)") && !row.contains(secret))
            #expect(!"\(KeySecret.random())".contains("credits_"))
        }
    }

    @Test func `may do what its scopes say`() async throws {
        try await withAPI(.closed()) { api in
            let user = try await api.newUser(holding: 5)
            let (reader, _) = try await api.newKey(#""credits:read""#)
            let balance = try await api.ask("GET /api/credits/\(user.rawValue)", nil, reader)
            #expect(balance.status == .ok)
            let refused = try await api.ask(
                "POST /api/credits/\(user.rawValue)/add", #"{"amount":1}"#, reader)
            #expect(refused.status == .forbidden)
            #expect(refused.problem == "missing-scope")
            #expect(refused.text("scope") == "credits:write")
            #expect(try await api.ask("GET /api/users", nil, reader).text("scope") == "users:read")
            #expect(try await api.ask("GET /api/audit", nil, reader).status == .forbidden)
            #expect(try await api.ask("GET /livez").status == .ok)
            #expect(try await api.ask("GET /openapi.json").status == .ok)
        }
    }

    @Test func `gives nobody what it does not have itself`() async throws {
        try await withAPI(.closed()) { api in
            let (manager, _) = try await api.newKey(#""keys:manage""#)
            let refused = try await api.ask(
                "POST /api/keys", #"{"name":"More","scopes":["schema:apply"]}"#, manager)
            #expect(refused.status == .forbidden)
            #expect(refused.problem == "missing-scope")
            #expect(refused.text("scope") == "schema:apply")
            #expect(
                refused.text("detail")
                    == "A key gives only scopes that it has itself, and yours lacks schema:apply. "
                    + "No key was made.")
            _ = try await api.newKey(#""keys:manage""#, by: manager)
        }
    }

    @Test func `is refused everywhere within five seconds of its revocation`() async throws {
        let clock = SetClock()
        try await withAPI(.closed(clock)) { api in
            let (key, id) = try await api.newKey(#""users:read""#)
            #expect(try await api.ask("GET /api/users", nil, key).status == .ok)
            // Another instance, which this one hears nothing of.
            _ = try await KeyStore(pool: api.pool).end(id, by: .commandLine)
            #expect(try await api.ask("GET /api/users", nil, key).status == .ok)
            clock.advance(by: .seconds(4))
            let refused = try await api.ask("GET /api/users", nil, key)
            #expect(refused.status == .unauthorized)
            #expect(refused.problem == "invalid-key")
        }
    }

    @Test func `is refused at once where it is revoked`() async throws {
        try await withAPI(.closed()) { api in
            let (key, id) = try await api.newKey(#""users:read""#)
            #expect(try await api.ask("GET /api/users", nil, key).status == .ok)
            let revoked = try await api.ask("DELETE /api/keys/\(id)", nil, .admin)
            #expect(revoked.status == .ok)
            #expect(revoked.text("revoked_at") != nil)
            #expect(try await api.ask("GET /api/users", nil, key).status == .unauthorized)
            let again = try await api.ask("DELETE /api/keys/\(id)", nil, .admin)
            #expect(again.text("revoked_at") == revoked.text("revoked_at"))
            #expect(try await api.ask("DELETE /api/keys/999", nil, .admin).status == .notFound)
        }
    }

    @Test func `that is unknown, revoked or expired is answered in the same words`() async throws {
        try await withAPI(.closed()) { api in
            let (revoked, id) = try await api.newKey(#""users:read""#)
            _ = try await api.ask("DELETE /api/keys/\(id)", nil, .admin)
            let (expired, other) = try await api.newKey(#""users:read""#)
            _ = try await api.run(
                """
                UPDATE api_keys SET expires_at = clock_timestamp() - interval '1 second'
                WHERE key_id = \(other)
                """)
            let unknown: Fields = ["X-API-Key": KeySecret.random().exposed]
            var details: Set<String> = []
            for fields in [revoked, expired, unknown] {
                let response = try await api.ask("GET /api/users", nil, fields)
                #expect(response.status == .unauthorized)
                details.insert(response.text("detail") ?? "")
            }
            #expect(details.count == 1)
        }
    }

    @Test func `that has ended already is not made`() async throws {
        try await withAPI(.closed()) { api in
            let response = try await api.ask(
                "POST /api/keys",
                #"{"name":"Old","scopes":["keys:manage"],"expires_at":"2020-01-01T00:00:00Z"}"#,
                .admin)
            #expect(response.status == .unprocessableContent)
            #expect(response.places == ["#/expires_at"])
        }
    }

    @Test func `is noted as used, once a minute at most`() async throws {
        try await withAPI(.closed()) { api in
            let (key, _) = try await api.newKey(#""users:read""#)
            _ = try await api.ask("GET /api/users", nil, key)
            let isNoted = try await eventually {
                let rows = try await api.run(
                    "SELECT last_used_at IS NOT NULL FROM api_keys")
                return try #require(rows.first).decode(Bool.self)
            }
            #expect(isNoted)
        }
    }
}
