import HTTP
import Testing

@testable import CreditsAPI

/// What is refused before the database is asked, and so is tested without one.
struct `A request` {
    @Test(arguments: [
        "0", "-1", "abc", "1.5", "9223372036854775808", "99999999999999999999999", "+1", "1e3",
        "%31%00", "0x1", "1%20", "%C2%B2", "٣", "null", "-0",
    ])
    func `for no positive user id is 422`(id: String) async throws {
        // What is no ASCII arrives percent-encoded.
        let id = id.unicodeScalars.allSatisfy(\.isASCII) ? id : "%D9%A3"
        try await withAPIWithoutDatabase { api in
            for call in [
                "GET /api/credits/\(id)", "POST /api/credits/\(id)/add",
                "POST /api/credits/\(id)/deduct", "PATCH /api/credits/\(id)/reset",
                "GET /api/users/\(id)",
            ] {
                let response = try await api.ask(call)
                #expect(response.status == .unprocessableContent, "\(call)")
                #expect(response.problem == "invalid-value")
                #expect(response.places == ["user_id"])
                #expect(response.text("detail")?.contains("whole number from 1") == true)
            }
        }
    }

    @Test(arguments: ["GET /api/credits/", "POST /api/credits//add", "GET /api/users//"])
    func `for an empty user id is 422`(call: String) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(call)
            #expect(response.places == ["user_id"])
        }
    }

    @Test(arguments: [
        (#"{}"#, "missing"), (#"{"Amount":1}"#, "missing"), (#"{"amount":null}"#, "null"),
        (#"{"amount":"10"}"#, "a string"), (#"{"amount":true}"#, "true"),
        (#"{"amount":[1]}"#, "an array"), (#"{"amount":{}}"#, "an object"),
        (#"{"amount":0}"#, "1 or more"), (#"{"amount":-5}"#, "1 or more"),
        (#"{"amount":-0.0}"#, "1 or more"), (#"{"amount":-1e400}"#, "1 or more"),
        (#"{"amount":2.5}"#, "whole number"), (#"{"amount":1e-400}"#, "whole number"),
        (#"{"amount":1000000000001}"#, "1000000000000 or less"),
        (#"{"amount":9223372036854775808}"#, "1000000000000 or less"),
        (#"{"amount":1e400}"#, "1000000000000 or less"),
        (#"{"amount":1e999999999999999999999}"#, "1000000000000 or less"),
    ])
    func `with a wrong amount is 422 and is told what is right`(
        body: String, words: String
    ) async throws {
        try await withAPIWithoutDatabase { api in
            for call in ["add", "deduct"] {
                let response = try await api.ask("POST /api/credits/1/\(call)", body)
                #expect(response.status == .unprocessableContent)
                #expect(response.problem == "invalid-value")
                #expect(response.places == ["#/amount"])
                #expect(response.text("detail")?.contains(words) == true, "\(response.bodyText)")
            }
        }
    }

    @Test(arguments: [
        (#"{"amount":1,"reason":5}"#, ["#/reason"]),
        (#"{"amount":1,"reason":"a\u0000b"}"#, ["#/reason"]),
        (#"{"amount":1,"reason":"\#(String(repeating: "é", count: 201))"}"#, ["#/reason"]),
        (#"{"amount":1,"metadata":"x"}"#, ["#/metadata"]),
        (#"{"amount":1,"metadata":[]}"#, ["#/metadata"]),
        (#"{"amount":1,"metadata":{"a":"\u0000"}}"#, ["#/metadata"]),
        (#"{"amount":1,"metadata":{"\u0000":1}}"#, ["#/metadata"]),
        (#"{"amount":1,"metadata":{"a":[1e400]}}"#, ["#/metadata"]),
        (#"{"amount":1,"metadata":{"a":1e-20000}}"#, ["#/metadata"]),
        (
            #"{"amount":1,"metadata":{"a":"\#(String(repeating: "x", count: 4096))"}}"#,
            ["#/metadata"]
        ),
        (#"{"amount":"1","reason":5,"metadata":null}"#, ["#/amount", "#/reason"]),
        (#"{"reason":[],"metadata":1}"#, ["#/amount", "#/reason", "#/metadata"]),
        ("[1]", ["#"]), ("1", ["#"]), ("null", ["#"]), (#""{}""#, ["#"]), ("true", ["#"]),
    ])
    func `with wrong values is told all of them at once`(
        body: String, places: [String]
    ) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("POST /api/credits/1/add", body)
            #expect(response.status == .unprocessableContent)
            #expect(response.places == places, "\(response.bodyText)")
        }
    }

    @Test(arguments: [
        ("{", 1, 2), ("{\"amount\":}", 1, 11), ("{\n\"amount\": 1,\n}", 3, 1),
        ("{\"amount\":1,\"amount\":2}", 1, 13), ("{\"amount\":01}", 1, 11), ("amount=1", 1, 1),
        ("\u{0}", 1, 1), ("{\"amount\":Infinity}", 1, 11), (" ", 1, 2),
        (String(repeating: "[", count: 100_000), 1, 65),
        (String(repeating: "{\"a\":", count: 100_000), 1, 321),
    ])
    func `with malformed JSON is 400 and is told where`(
        body: String, line: Int64, column: Int64
    ) async throws {
        try await withAPIWithoutDatabase { api in
            for call in [
                "POST /api/credits/1/add", "PATCH /api/credits/1/reset", "POST /api/users",
            ] {
                let response = try await api.ask(call, body)
                #expect(response.status == .badRequest)
                #expect(response.problem == "malformed-json")
                #expect(response.integer("line") == line)
                #expect(response.integer("column") == column)
            }
        }
    }

    @Test(arguments: [
        "POST /api/credits/1/add", "POST /api/credits/1/deduct", "POST /api/users",
        "POST /api/schema/update",
    ])
    func `without the body that it needs is 400`(call: String) async throws {
        try await withAPIWithoutDatabase { api in
            for fields in [[:], ["Content-Type": "text/plain"]] as [Fields] {
                let response = try await api.ask(call, nil, fields)
                #expect(response.status == .badRequest)
                #expect(response.problem == "missing-body")
            }
        }
    }

    @Test(arguments: [
        ("text/plain", #"{"amount":1}"#), ("application/x-www-form-urlencoded", "amount=1"),
        ("application/xml", "<amount/>"), ("application/json; charset=utf-16", #"{"amount":1}"#),
    ])
    func `whose body says it is no JSON is 415`(contentType: String, body: String) async throws {
        try await withAPIWithoutDatabase { api in
            for call in ["POST /api/credits/1/add", "PATCH /api/credits/1/reset"] {
                let response = try await api.ask(call, body, ["Content-Type": contentType])
                #expect(response.status == .unsupportedMediaType)
                #expect(response.problem == "unsupported-media-type")
            }
        }
    }

    @Test(arguments: [
        ("PUT /api/credits/1", "GET, HEAD, OPTIONS"), ("POST /api/credits/1", "GET, HEAD, OPTIONS"),
        ("GET /api/credits/1/add", "OPTIONS, POST"),
        ("DELETE /api/users", "GET, HEAD, OPTIONS, POST"),
        ("TRACE /api/users", "GET, HEAD, OPTIONS, POST"),
        ("HEAD /api/schema/update", "OPTIONS, POST"),
        ("POST /api/credits/1/reset", "OPTIONS, PATCH"), ("FROB /docs", "GET, HEAD, OPTIONS"),
        ("CONNECT localhost:8000", "DELETE, GET, HEAD, OPTIONS, PATCH, POST"),
        ("TRACE /", "GET, HEAD, OPTIONS"), ("get /livez", "GET, HEAD, OPTIONS"),
    ])
    func `with a method that its path lacks is 405 with Allow`(
        call: String, allow: String
    ) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(call)
            #expect(response.status == .methodNotAllowed)
            #expect(response.fields["Allow"] == allow)
            #expect(response.problem == "method-not-allowed")
        }
    }

    @Test(arguments: [
        ("OPTIONS /api/users", "GET, HEAD, OPTIONS, POST"), ("OPTIONS /", "GET, HEAD, OPTIONS"),
        ("OPTIONS /api/schema/update", "OPTIONS, POST"),
        ("OPTIONS *", "DELETE, GET, HEAD, OPTIONS, PATCH, POST"),
    ])
    func `for the options is 204 with Allow`(call: String, allow: String) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(call)
            #expect(response.status == .noContent)
            #expect(response.fields["Allow"] == allow)
            #expect(response.body.isEmpty)
        }
    }

    @Test(arguments: [
        "GET /nothing", "POST /api/credits", "OPTIONS /nothing", "TRACE /nothing",
        "GET /docs/none.js",
        "GET /docs/..%2F..%2Fetc%2Fpasswd", "GET /problems/none", "GET /%00",
    ])
    func `for nothing is 404`(call: String) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(call)
            #expect(response.status == .notFound)
            #expect(response.problem == "not-found")
        }
    }

    @Test func `keeps its id, and its path without the query`() async throws {
        try await withAPIWithoutDatabase { api in
            let fields: Fields = ["X-Request-Id": "mine-1"]
            let response = try await api.ask("GET /nothing?secret=1", nil, fields)
            #expect(response.fields["X-Request-Id"] == "mine-1")
            #expect(response.text("request_id") == "mine-1")
            #expect(response.text("instance") == "/nothing")
            #expect(!api.log.lines.contains { "\($0)".contains("secret") })
        }
    }

    @Test func `that asks the database while it is away is 503`() async throws {
        try await withAPIWithoutDatabase { api in
            for (call, body) in [
                ("GET /api/credits/1", nil), ("POST /api/credits/1/add", #"{"amount":1}"#),
                ("GET /api/users", nil), ("GET /api/users/1", nil),
                ("POST /api/users", #"{"email":"a@b","name":"n"}"#),
                ("POST /api/schema/update", #"{"sql":"SELECT 1"}"#),
            ] as [(String, String?)] {
                let response = try await api.ask(call, body)
                #expect(response.status == .serviceUnavailable, "\(call)")
                #expect(response.problem == "unavailable")
                #expect(response.fields["Retry-After"] != nil)
            }
        }
    }
}

/// Before its body, by its head alone.
struct `A request that need not send its body` {
    private static let key = "Bearer credits_" + String(repeating: "a", count: 64)

    @Test(
        arguments: [
            ("POST", "/nowhere", nil, 404), ("PUT", "/api/users", nil, 405),
            ("POST", "/api/users", nil, 401), ("POST", "/api/users", "Bearer x", 401),
            // What only the database knows, or only the body tells.
            ("POST", "/api/users", key, nil), ("POST", "/api/users", "Bearer secret", nil),
            ("OPTIONS", "/api/users", nil, nil), ("POST", "/livez", nil, 405),
        ] as [(String, String, String?, Int?)])
    func `is told so`(method: String, path: String, key: String?, status: Int?) async throws {
        let settings = APISettings(version: "1.2.3", isLoopbackOnly: true, adminToken: "secret")
        try await withAPIWithoutDatabase(settings) { api in
            let method = try #require(Method(rawValue: method))
            var fields: Fields = ["Host": "localhost", "X-Request-Id": "mine-4"]
            if let key { fields.append(.authorization, key) }
            let head = RequestHead(
                method: method, target: try RequestTarget(path, for: method), fields: fields)
            let response = api.responder.refusal(of: Request(head: head, body: [], peer: ""))
            #expect(response?.status.code == status)
            #expect(response == nil || response?.fields["X-Request-Id"] == "mine-4")
        }
    }
}

struct `Bytes that were no request` {
    @Test(arguments: RequestError.allCases)
    func `are answered as problems`(error: RequestError) async throws {
        try await withAPIWithoutDatabase { api in
            let response = api.responder.respond(to: error, head: nil)
            #expect(response.status == error.status)
            #expect(response.text("detail")?.hasPrefix(error.explanation) == true)
            #expect(response.problem != nil)
            #expect(response.member("instance") == nil)
            #expect(response.fields["X-Request-Id"] != nil)
            #expect((response.fields["Retry-After"] != nil) == (error.status.code == 503))
            let isDeclared = [ProblemType].everywhere.contains { $0.slug == response.problem }
            #expect(isDeclared)
        }
    }

    @Test func `keep what was understood of them`() async throws {
        try await withAPIWithoutDatabase { api in
            let target = try RequestTarget("/api/users?x=1", for: .post)
            let head = RequestHead(
                method: .post, target: target, fields: ["X-Request-Id": "mine-2"])
            let response = api.responder.respond(to: .bodyTooLarge, head: head)
            #expect(response.text("instance") == "/api/users")
            #expect(response.text("request_id") == "mine-2")
        }
    }

    @Test(arguments: [
        ("Content-Length: 2097153\r\n\r\n", 413), ("Expect: a-pony\r\n\r\n", 417),
        ("Transfer-Encoding: gzip, chunked\r\n\r\n", 501), ("bad\r\n", 400),
        ("A: \(String(repeating: "a", count: 16 * 1024))", 431),
        ("Transfer-Encoding: chunked\r\n\r\nx", 400), ("Content-Le", 408),
    ])
    func `are told which request they were, once its target is known`(
        rest: String, status: Int
    ) async throws {
        try await withAPIWithoutDatabase { api in
            let head = "POST /api/users?x=1 HTTP/1.1\r\nHost: a\r\nX-Request-Id: mine-3\r\n"
            var connection = ServerConnection()
            connection.received(Array((head + rest).utf8).span)
            var step = connection.nextStep()
            if case .judge = step {
                connection.admit()
                step = connection.nextStep()
            }
            if case .read = step {
                connection.timedOut()
                step = connection.nextStep()
            }
            guard case .refuse(let error, let head) = step else {
                Issue.record("\(step)")
                return
            }
            let response = api.responder.respond(to: error, head: head)
            #expect(response.status.code == status)
            #expect(response.text("instance") == "/api/users")
            #expect(response.text("request_id") == "mine-3")
            #expect(response.fields["X-Request-Id"] == "mine-3")
        }
    }
}
