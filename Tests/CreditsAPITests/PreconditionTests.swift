import HTTP
import Ledger
import Testing

@testable import CreditsAPI

struct `A precondition` {
    private static let date = "Sun, 22 Nov 2026 07:18:29 GMT"

    @Test(
        arguments: [
            ([:], true),
            (["If-Match": "*"], true),
            (["If-Match": #""a""#], false),
            (["If-Match": #"W/"a", "b""#], false),
            (["If-Match": #""*""#], false),
            (["If-Match": ""], false),
            (["If-Match": "a"], false),
            (["If-Match": "*", "if-match": #""a""#], false),
            (["If-Match": #"*, "a""#], false),
            (["If-None-Match": "*"], false),
            (["if-none-match": "*"], false),
            (["If-None-Match": #""a""#], true),
            (["If-None-Match": #"W/"a", "b""#], true),
            (["If-None-Match": #""*""#], true),
            (["If-None-Match": #""a", *"#], false),
            (["If-None-Match": #""a"#], false),
            (["If-None-Match": #""a""#, "If-none-match": "*"], false),
            (["If-Match": "*", "If-None-Match": "*"], false),
            (["If-Match": "*", "If-None-Match": #""a""#], true),
            // No resource has a modification date, so these must be ignored.
            (["If-Unmodified-Since": date], true),
            (["If-Unmodified-Since": "yesterday"], true),
            (["If-Modified-Since": date], true),
            (["If-Match": "*", "If-Unmodified-Since": date], true),
            (["If-Range": #""a""#], true),
        ] as [(Fields, Bool)])
    func `holds for what has no entity tag, or does not`(fields: Fields, holds: Bool) {
        do throws(Problem) {
            try Preconditions.check(write: fields)
            #expect(holds)
        } catch {
            #expect(!holds)
            #expect(error.type == .preconditionFailed)
        }
    }

    @Test(arguments: [
        ("POST /api/credits/1/add", #"{"amount":1}"#), ("POST /api/users", nil),
        ("PATCH /api/credits/1/reset", nil), ("DELETE /api/users/1", nil),
        ("POST /api/schema/update", #"{"sql":"SELECT 1"}"#),
        ("POST /api/credits/batch", #"{"operations":[{"kind":"reset","user_id":1}]}"#),
    ])
    func `that is false is 412 before the database is asked`(
        call: String, body: String?
    ) async throws {
        let body = call == "POST /api/users" ? #"{"email":"a@b","name":"n"}"# : body
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(call, body, ["If-Match": #""a""#])
            #expect(response.status == .preconditionFailed, "\(response.bodyText)")
            #expect(response.problem == "precondition-failed")
        }
    }

    @Test(
        arguments: [
            ("POST /api/credits/0/add", #"{"amount":1}"#, 422),
            ("POST /api/credits/1/add", #"{"amount":0}"#, 422),
            ("POST /api/credits/1/add", "{", 400), ("POST /nothing", nil, 404),
            ("POST /livez", nil, 405), ("OPTIONS /api/users", nil, 204), ("GET /nothing", nil, 404),
            ("GET /api/credits/0", nil, 422), ("HEAD /redoc", nil, 308), ("GET /readyz", nil, 503),
        ] as [(String, String?, Int)])
    func `is not asked where the answer would be another`(
        call: String, body: String?, status: Int
    ) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(call, body, ["If-Match": #""a""#])
            #expect(response.status.code == status)
        }
    }

    @Test(arguments: ["GET /livez", "HEAD /livez", "GET /api/schema/changes"])
    func `of a read is held against its answer`(call: String) async throws {
        let rows: [(Fields, Int)] = [
            (["If-Match": #""a""#], 412), (["If-Match": #"W/"a", "b""#], 412),
            (["If-Match": "a"], 412), (["If-Match": "*"], 200), (["If-None-Match": "*"], 304),
            (["If-None-Match": #""a""#], 200), (["If-None-Match": #""*""#], 200),
            (["If-None-Match": "a"], 200), (["If-Match": #""a""#, "If-None-Match": "*"], 412),
            (["If-Match": "*", "If-None-Match": "*"], 304), (["If-Modified-Since": Self.date], 200),
            (["If-Unmodified-Since": Self.date], 200), ([:], 200),
        ]
        try await withAPI { api in
            for (fields, status) in rows {
                let response = try await api.ask(call, nil, fields)
                #expect(response.status.code == status, "\(fields)")
                if status == 304 { #expect(response.body.isEmpty) }
            }
        }
    }

    @Test func `that is false moves nothing, and one that is true lets the write happen`()
        async throws
    {
        try await withAPI { api in
            let user = try await api.newUser(holding: 10).rawValue
            let path = "POST /api/credits/\(user)/add"
            for (fields, status) in [
                (["If-Match": #""a""#], 412), (["If-None-Match": "*"], 412),
                (["If-Match": "*"], 200),
            ] as [(Fields, Int)] {
                let key: Fields = ["Idempotency-Key": "k"]
                var all = fields
                all.append(contentsOf: key)
                #expect(try await api.ask(path, #"{"amount":5}"#, all).status.code == status)
            }
            let balance = try await api.ask("GET /api/credits/\(user)")
            #expect(balance.integer("credits") == 15)
        }
    }
}

struct `A document` {
    private static let documents = [
        "/openapi.json", "/postman_collection.json", "/docs", "/docs/credits.css",
        "/problems/not-found",
    ]

    @Test(arguments: documents)
    func `is known by its entity tag`(path: String) async throws {
        try await withAPIWithoutDatabase { api in
            let browser: Fields = ["Accept": "text/html"]
            let first = try await api.ask("GET \(path)", nil, browser)
            let tag = try #require(first.fields["ETag"])
            #expect(first.status == .ok && tag.hasPrefix("\"") && tag.hasSuffix("\""))
            for (name, value, status) in [
                ("If-None-Match", tag, 304), ("If-None-Match", "W/\(tag)", 304),
                ("If-None-Match", "\"a\", \(tag)", 304), ("If-None-Match", "*", 304),
                ("If-None-Match", "\"a\"", 200), ("If-Match", tag, 200),
                ("If-Match", "\"a\" ,\t\(tag),", 200), ("If-Match", "W/\(tag)", 412),
                ("If-Match", "\"a\"", 412),
            ] as [(FieldName, String, Int)] {
                var fields = browser
                fields.append(name, value)
                let response = try await api.ask("GET \(path)", nil, fields)
                #expect(response.status.code == status, "\(name): \(value)")
                guard status == 304 else { continue }
                #expect(response.body.isEmpty && response.fields["Content-Type"] == nil)
                #expect(response.fields["ETag"] == tag)
                #expect(response.fields["Cache-Control"] == "no-cache")
                #expect(response.fields["Vary"] == first.fields["Vary"])
            }
        }
    }

    @Test func `of other bytes has another entity tag`() {
        let texts = ["", "a", "b", "ab", "ba"].map { EntityTag.text(of: Array($0.utf8)) }
        #expect(Set(texts).count == texts.count)
        #expect(EntityTag.text(of: [97]) == EntityTag.text(of: [97]))
    }
}
