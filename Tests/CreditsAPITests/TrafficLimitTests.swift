import HTTP
import Ledger
import Postgres
import TestSupport
import Testing

@testable import CreditsAPI

struct `Limits of traffic` {
    @Test func `hold for an address and for a key`() async throws {
        let clock = SetClock()
        var settings = APISettings.closed(clock)
        settings.keyRate = Rate(2, per: .minute)
        settings.addressRate = Rate(3, per: .minute)
        try await withAPI(settings) { api in
            func ask(_ fields: Fields, from peer: String) async throws -> Response {
                try await api.ask("GET /api/users", bytes: nil, fields, from: peer)
            }
            #expect(try await ask(.admin, from: "192.0.2.1").status == .ok)
            #expect(try await ask(.admin, from: "192.0.2.2").status == .ok)
            let key = try await ask(.admin, from: "192.0.2.3")
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
            #expect(try await ask(.admin, from: "192.0.2.3").status == .ok)
        }
    }

    @Test func `slow down who shows wrong keys, and not who shows right ones`() async throws {
        let clock = SetClock()
        try await withAPI(.closed(clock)) { api in
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
            #expect(try await ask(.admin).status == .ok)
            #expect(try await ask(key).status == .ok)
            _ = try await api.newKey(#""users:read""#)
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
        var settings = APISettings.closed()
        settings.allowedOrigins = ["https://shop.example"]
        try await withAPI(settings) { api in
            var fields = Fields.admin
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
        try await withAPI(.closed()) { api in
            let answer = try await api.ask("GET /api/users", nil, page)
            #expect(answer.problem == "cross-site-request")
            #expect(!answer.fields.contains(.vary))
        }
    }

    @Test func `ask first what they may send`() async throws {
        var settings = APISettings.closed()
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
