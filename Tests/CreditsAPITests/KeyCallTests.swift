import HTTP
import Ledger
import Postgres
import TestSupport
import Testing

@testable import CreditsAPI

private let admin: Fields = ["Authorization": "Bearer s3cret"]

private func closed(_ clock: SetClock = SetClock()) -> APISettings {
    var settings = APISettings(version: "1", isLoopbackOnly: true, adminToken: "s3cret")
    settings.now = clock.now
    return settings
}

extension APIScene {
    @discardableResult
    fileprivate func run(_ statement: Statement) async throws -> Rows {
        try await pool.withConnection { try await $0.run(statement) }
    }

    /// Makes a key by the API, and answers its secret and number.
    fileprivate func newKey(
        _ scopes: String, _ more: String = "", by fields: Fields = admin
    ) async throws -> (fields: Fields, id: Int64) {
        let made = try await ask(
            "POST /api/keys", #"{"name":"Test","scopes":[\#(scopes)]\#(more)}"#, fields)
        #expect(made.status == .created, "\(made.bodyText)")
        let secret = try #require(made.text("key"))
        return (["Authorization": "Bearer \(secret)"], try #require(made.integer("key_id")))
    }
}

struct `A key` {
    @Test func `is told once, and kept as a hash`() async throws {
        try await withAPI(closed()) { api in
            let (fields, id) = try await api.newKey(#""credits:read""#)
            let secret = try #require(fields["Authorization"]?.dropFirst(7))
            let isWellFormed = secret.wholeMatch(of: /credits_[0-9a-f]{64}/) != nil
            #expect(isWellFormed)
            let list = try await api.ask("GET /api/keys", nil, admin)
            #expect(list.status == .ok)
            #expect(!list.bodyText.contains(secret))
            let rows = try await api.run("SELECT k::text FROM api_keys k")
            let row = try #require(rows.first).decode(String.self)
            #expect(row.contains("\(id)") && !row.contains(secret))
            #expect(!"\(KeySecret.random())".contains("credits_"))
        }
    }

    @Test func `may do what its scopes say`() async throws {
        try await withAPI(closed()) { api in
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
        try await withAPI(closed()) { api in
            let (manager, _) = try await api.newKey(#""keys:manage""#)
            let refused = try await api.ask(
                "POST /api/keys", #"{"name":"More","scopes":["schema:apply"]}"#, manager)
            #expect(refused.status == .forbidden)
            #expect(refused.text("scope") == "schema:apply")
            _ = try await api.newKey(#""keys:manage""#, by: manager)
        }
    }

    @Test func `is refused everywhere within five seconds of its revocation`() async throws {
        let clock = SetClock()
        try await withAPI(closed(clock)) { api in
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
        try await withAPI(closed()) { api in
            let (key, id) = try await api.newKey(#""users:read""#)
            #expect(try await api.ask("GET /api/users", nil, key).status == .ok)
            let revoked = try await api.ask("DELETE /api/keys/\(id)", nil, admin)
            #expect(revoked.status == .ok)
            #expect(revoked.text("revoked_at") != nil)
            #expect(try await api.ask("GET /api/users", nil, key).status == .unauthorized)
            let again = try await api.ask("DELETE /api/keys/\(id)", nil, admin)
            #expect(again.text("revoked_at") == revoked.text("revoked_at"))
            #expect(try await api.ask("DELETE /api/keys/999", nil, admin).status == .notFound)
        }
    }

    @Test func `that is unknown, revoked or expired is answered in the same words`() async throws {
        try await withAPI(closed()) { api in
            let (revoked, id) = try await api.newKey(#""users:read""#)
            _ = try await api.ask("DELETE /api/keys/\(id)", nil, admin)
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
        try await withAPI(closed()) { api in
            let response = try await api.ask(
                "POST /api/keys",
                #"{"name":"Old","scopes":["keys:manage"],"expires_at":"2020-01-01T00:00:00Z"}"#,
                admin)
            #expect(response.status == .unprocessableContent)
            #expect(response.places == ["#/expires_at"])
        }
    }

    @Test func `is noted as used, once a minute at most`() async throws {
        try await withAPI(closed()) { api in
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
        var settings = closed()
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
        try await withAPI(closed()) { api in
            let user = try await api.newUser().rawValue
            let (writer, id) = try await api.newKey(#""credits:write","credits:read""#)
            for fields in [writer, admin] {
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
        try await withAPI(closed()) { api in
            let (_, id) = try await api.newKey(#""users:read""#)
            let user = try await api.newUser().rawValue
            _ = try await api.ask("DELETE /api/users/\(user)", nil, admin)
            _ = try await api.ask("DELETE /api/keys/\(id)", nil, admin)
            let first = try await api.ask("GET /api/audit?limit=2", nil, admin)
            let actions = first.bodyText.matches(of: /"action":"([^"]*)"/).map { String($0.1) }
            #expect(actions == ["key.revoked", "user.deleted"])
            #expect(first.bodyText.contains(#""target":"user:\#(user)""#))
            #expect(first.bodyText.contains(#""actor":"admin""#))
            let cursor = try #require(first.text("next_cursor"))
            let rest = try await api.ask("GET /api/audit?cursor=\(cursor)", nil, admin)
            #expect(rest.bodyText.contains("key.created"))
            #expect(rest.member("next_cursor") == .null)
        }
    }

    @Test func `tells of schema changes, refused ones too, and of grants run by hand`()
        async throws
    {
        try await withAPI(closed()) { api in
            for sql in ["CREATE TABLE notes (note text)", "DROP TABLE credits CASCADE"] {
                _ = try await api.ask(
                    "POST /api/schema/update", #"{"sql": "\#(sql)"}"#, admin)
            }
            _ = try await api.ask("POST /api/grants/daily/2024-02-29/run", nil, admin)
            let log = try await api.ask("GET /api/audit", nil, admin).bodyText
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
        try await withAPI(closed()) { api in
            _ = try await api.newKey(#""users:read""#)
            await #expect(throws: (any Error).self) {
                try await api.run("DELETE FROM audit_log")
            }
        }
    }
}

struct `Limits of traffic` {
    @Test func `hold for an address and for a key`() async throws {
        let clock = SetClock()
        var settings = closed(clock)
        settings.keyRate = Rate(2, per: .minute)
        settings.addressRate = Rate(3, per: .minute)
        try await withAPI(settings) { api in
            func ask(_ fields: Fields, from peer: String) async throws -> Response {
                try await api.ask("GET /api/users", bytes: nil, fields, from: peer)
            }
            #expect(try await ask(admin, from: "192.0.2.1").status == .ok)
            #expect(try await ask(admin, from: "192.0.2.2").status == .ok)
            let key = try await ask(admin, from: "192.0.2.3")
            #expect(key.status == .tooManyRequests)
            #expect(key.fields["Retry-After"] == "30")
            #expect(key.fields["RateLimit-Policy"] == #""key";q=2;w=60"#)
            #expect(key.fields["RateLimit"] == #""key";r=0;t=30"#)
            _ = try await ask([:], from: "192.0.2.1")
            _ = try await ask([:], from: "192.0.2.1")
            let address = try await ask([:], from: "192.0.2.1")
            #expect(address.fields["RateLimit-Policy"] == #""address";q=3;w=60"#)
            #expect(try await api.ask("GET /livez").status == .ok)
            clock.advance(by: .seconds(30))
            #expect(try await ask(admin, from: "192.0.2.3").status == .ok)
        }
    }

    @Test func `slow down who shows wrong keys, and not who shows right ones`() async throws {
        let clock = SetClock()
        try await withAPI(closed(clock)) { api in
            func ask(_ fields: Fields) async throws -> Response {
                try await api.ask("GET /api/users", bytes: nil, fields, from: "192.0.2.1")
            }
            let (key, _) = try await api.newKey(#""users:read""#)
            #expect(try await ask(key).status == .ok)
            for _ in 1...10 {
                let wrong: Fields = ["X-API-Key": KeySecret.random().exposed]
                #expect(try await ask(wrong).status == .unauthorized)
            }
            let slowed = try await ask(["X-API-Key": KeySecret.random().exposed])
            #expect(slowed.status == .tooManyRequests)
            #expect(slowed.fields["Retry-After"] == "6")
            #expect(try await ask(["X-API-Key": "no key"]).status == .tooManyRequests)
            #expect(try await ask(admin).status == .ok)
            #expect(try await ask(key).status == .ok)
            clock.advance(by: .seconds(5))
            #expect(try await ask(key).status == .ok)
        }
    }
}

struct `Pages of other sites` {
    private let page: Fields = [
        "Origin": "https://shop.example", "Sec-Fetch-Site": "cross-site",
    ]

    @Test func `may call where they are listed, and nowhere else`() async throws {
        var settings = closed()
        settings.allowedOrigins = ["https://shop.example"]
        try await withAPI(settings) { api in
            var fields = admin
            for field in page { fields.append(field.name, field.value) }
            let answer = try await api.ask("GET /api/users", nil, fields)
            #expect(answer.status == .ok)
            #expect(answer.fields["Access-Control-Allow-Origin"] == "https://shop.example")
            #expect(answer.fields["Vary"] == "Origin")
            let other: Fields = ["Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"]
            let refused = try await api.ask("GET /api/users", nil, other)
            #expect(refused.problem == "cross-site-request")
            #expect(!refused.fields.contains("Access-Control-Allow-Origin"))
            #expect(refused.fields["Vary"] == "Origin")
        }
        try await withAPI(closed()) { api in
            let answer = try await api.ask("GET /api/users", nil, page)
            #expect(answer.problem == "cross-site-request")
            #expect(!answer.fields.contains(.vary))
        }
    }

    @Test func `ask first what they may send`() async throws {
        var settings = closed()
        settings.allowedOrigins = ["https://shop.example"]
        try await withAPIWithoutDatabase(settings) { api in
            var fields = page
            fields.append("Access-Control-Request-Method", "POST")
            let answer = try await api.ask("OPTIONS /api/credits/1/add", nil, fields)
            #expect(answer.status == .noContent)
            #expect(answer.fields["Access-Control-Allow-Methods"] == "OPTIONS, POST")
            #expect(answer.fields["Access-Control-Allow-Headers"]?.contains("X-API-Key") == true)
        }
    }
}
