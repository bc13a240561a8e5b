import HTTP
import Ledger
import Postgres
import Testing

@testable import CreditsAPI

struct `The credit calls` {
    @Test func `answer with the balance, three members first in their order`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let fresh = try await api.ask("GET /api/credits/\(user)")
            #expect(fresh.status == .ok)
            #expect(fresh.bodyText.hasPrefix(#"{"user_id":\#(user),"credits":0,"last_updated":""#))
            let added = try await api.ask("POST /api/credits/\(user)/add", #"{"amount":30}"#)
            let moment = #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"#
            let pattern = try Regex(
                #"\{"user_id":\#(user),"credits":30,"last_updated":"\#(moment)","#
                    + #""transaction_id":\d+\}"#)
            #expect(added.bodyText.wholeMatch(of: pattern) != nil, "\(added.bodyText)")
            #expect(added.fields["Content-Type"] == "application/json")
            #expect(added.fields["Cache-Control"] == "no-store")
        }
    }

    @Test func `add up`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            for (call, body, credits) in [
                ("POST add", #"{"amount":30}"#, 30), ("POST add", #"{"amount":1e1}"#, 40),
                ("POST add", #"{"amount":10.0,"unknown":[1]}"#, 50),
                ("POST deduct", #"{"amount":50}"#, 0), ("POST add", #"{"amount":7}"#, 7),
                ("PATCH reset", nil, 0), ("PATCH reset", "{}", 0),
                ("PATCH reset", #"{"reason":"x","metadata":{"a":1}}"#, 0),
                (
                    "POST add", #"{"amount":1000000000000,"reason":null,"metadata":null}"#,
                    1_000_000_000_000
                ),
            ] as [(String, String?, Int64)] {
                let words = call.split(separator: " ")
                let path = "/api/credits/\(user)/\(words[1])"
                let response = try await api.ask("\(words[0]) \(path)", body)
                #expect(response.status == .ok, "\(call) \(response.bodyText)")
                #expect(response.integer("credits") == credits)
            }
            let balance = try await api.ask("GET /api/credits/\(user)/")
            #expect(balance.integer("credits") == 1_000_000_000_000)
        }
    }

    @Test func `answer HEAD as they would GET`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 3).rawValue
            let get = try await api.ask("GET /api/credits/\(user)")
            let head = try await api.ask("HEAD /api/credits/\(user)")
            // The server leaves the content out, once it has counted it.
            #expect(head.status == get.status)
            #expect(head.body == get.body)
        }
    }

    @Test func `read what curl sends without a header`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let fields: Fields = ["Content-Type": "application/x-www-form-urlencoded"]
            let path = "POST /api/credits/\(user)/add"
            let response = try await api.ask(path, #"{"amount":10}"#, fields)
            #expect(response.integer("credits") == 10)
        }
    }

    @Test func `keep a reason and metadata beside the entry`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let body = #"{"amount":1,"reason":"\u00e9","metadata":{"n":12345678901234567890}}"#
            #expect(try await api.ask("POST /api/credits/\(user)/add", body).status == .ok)
            let kept = try await api.pool.withConnection { connection in
                try await connection.run(
                    "SELECT reason, metadata->>'n' FROM credit_transactions WHERE user_id = \(user)"
                )
            }
            let (reason, metadata) = try #require(kept.first)
                .decode(String.self, String.self)
            #expect(reason == "é")
            #expect(metadata == "12345678901234567890")
        }
    }

    @Test func `know who is no user`() async throws {
        try await withAPI { api in
            for (call, body) in [
                ("GET /api/credits/999", nil), ("POST /api/credits/999/add", #"{"amount":1}"#),
                ("POST /api/credits/999/deduct", #"{"amount":1}"#),
                ("PATCH /api/credits/999/reset", nil),
                ("GET /api/credits/9223372036854775807", nil),
            ] as [(String, String?)] {
                let response = try await api.ask(call, body)
                #expect(response.status == .notFound)
                #expect(response.problem == "user-not-found")
                #expect(response.text("detail") == "User not found")
                #expect(response.text("instance") == String(call.split(separator: " ")[1]))
            }
        }
    }

    @Test func `never take more than there is`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 20).rawValue
            let path = "POST /api/credits/\(user)/deduct"
            let refused = try await api.ask(path, #"{"amount":50}"#)
            #expect(refused.status == .paymentRequired)
            #expect(refused.problem == "insufficient-credits")
            #expect(refused.integer("available") == 20)
            #expect(refused.integer("requested") == 50)
            #expect(refused.integer("shortfall") == 30)
            let schema = SchemaComponent.insufficientCreditsProblem.schema
            #expect(schema.violations(by: try refused.json) == [])
            let balance = try await api.ask("GET /api/credits/\(user)")
            #expect(balance.integer("credits") == 20)
        }
    }

    @Test func `stop below the limit of a balance`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 1).rawValue
            try await api.pool.withConnection { connection in
                _ = try await connection.run(
                    "UPDATE credits SET credits = 9007199254740990 WHERE user_id = \(user)")
            }
            let path = "POST /api/credits/\(user)/add"
            let refused = try await api.ask(path, #"{"amount":2}"#)
            #expect(refused.status == .conflict)
            #expect(refused.problem == "balance-limit-reached")
            #expect(refused.integer("limit") == 9_007_199_254_740_991)
            #expect(refused.integer("room") == 1)
            #expect(refused.integer("requested") == 2)
            let filled = try await api.ask(path, #"{"amount":1}"#)
            #expect(filled.integer("credits") == 9_007_199_254_740_991)
        }
    }

    @Test func `say that it is a lock where the service is ready all the same`() async throws {
        var ledger = LedgerSettings()
        (ledger.lockWait, ledger.lockPatience) = (.milliseconds(20), .milliseconds(20))
        try await withAPI(ledger: ledger) { api in
            let user = try await api.newUser(holding: 1).rawValue
            let (refused, ready) = try await api.pool.withTransaction { connection in
                try await connection.run("SELECT FROM credits WHERE user_id = \(user) FOR UPDATE")
                let refused = try await api.ask(
                    "POST /api/credits/\(user)/add", #"{"amount":1}"#)
                return (refused, try await api.ask("GET /readyz"))
            }
            #expect(refused.problem == "unavailable")
            let detail = try #require(refused.text("detail"))
            #expect(detail.contains("Nothing was changed; try again shortly"))
            #expect(detail.contains("another session keeps locked"))
            #expect(ready.status == .ok)
        }
    }
}

struct `An idempotency key` {
    @Test func `makes a retry harmless`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let path = "POST /api/credits/\(user)/add"
            let first = try await api.ask(path, #"{"amount":5}"#, ["Idempotency-Key": "k-1"])
            #expect(first.fields["Idempotent-Replayed"] == nil)
            let again = try await api.ask(
                path, #"{ "amount": 5.0 }"#, ["Idempotency-Key": "\"k-1\""])
            #expect(again.fields["Idempotent-Replayed"] == "true")
            #expect(again.body == first.body)
            #expect(again.status == first.status)
            let balance = try await api.ask("GET /api/credits/\(user)")
            #expect(balance.integer("credits") == 5)
        }
    }

    @Test func `stands for one request only, and the answer names what differs`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 100).rawValue
            let key: Fields = ["Idempotency-Key": "k"]
            let body = #"{"amount":5,"reason":"r","metadata":{"a":1,"b":2}}"#
            _ = try await api.ask("POST /api/credits/\(user)/add", body, key)
            for (call, body, place) in [
                ("POST add", #"{"amount":6,"reason":"r","metadata":{"a":1,"b":2}}"#, "#/amount"),
                ("POST add", #"{"amount":5,"metadata":{"a":1,"b":2}}"#, "#/reason"),
                ("POST add", #"{"amount":5,"reason":"r","metadata":{"a":2}}"#, "#/metadata"),
                ("POST deduct", body, "Idempotency-Key"),
                ("PATCH reset", nil, "Idempotency-Key"),
            ] as [(String, String?, String)] {
                let words = call.split(separator: " ")
                let response = try await api.ask(
                    "\(words[0]) /api/credits/\(user)/\(words[1])", body, key)
                #expect(response.status == .unprocessableContent)
                #expect(response.problem == "idempotency-key-reused")
                #expect(response.places == [place])
            }
            let respelt = #"{"metadata":{"b":2,"a":1},"reason":"r","amount":5}"#
            let replayed = try await api.ask("POST /api/credits/\(user)/add", respelt, key)
            #expect(replayed.fields["Idempotent-Replayed"] == "true")
        }
    }

    @Test func `of a refused request may be tried again`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let deduct = "POST /api/credits/\(user)/deduct"
            let key: Fields = ["Idempotency-Key": "k"]
            #expect(try await api.ask(deduct, #"{"amount":5}"#, key).status == .paymentRequired)
            _ = try await api.ask("POST /api/credits/\(user)/add", #"{"amount":5}"#)
            let done = try await api.ask(deduct, #"{"amount":5}"#, key)
            #expect(done.status == .ok)
            #expect(done.fields["Idempotent-Replayed"] == nil)
        }
    }

    @Test func `that is malformed is refused before anything is done`() async throws {
        try await withAPIWithoutDatabase { api in
            for key in ["", "a b", "\"a", String(repeating: "k", count: 256)] {
                let fields: Fields = ["Idempotency-Key": key]
                let response = try await api.ask(
                    "POST /api/credits/1/add", #"{"amount":1}"#, fields)
                #expect(response.status == .badRequest)
                #expect(response.problem == "malformed-idempotency-key")
            }
        }
    }
}
