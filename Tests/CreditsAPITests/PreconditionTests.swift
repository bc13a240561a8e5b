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
            try Preconditions.check(fields)
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
            ("POST /livez", nil, 405), ("OPTIONS /api/users", nil, 204), ("GET /livez", nil, 200),
            ("HEAD /livez", nil, 200),
        ] as [(String, String?, Int)])
    func `is not asked where the answer would be another, nor of methods that change nothing`(
        call: String, body: String?, status: Int
    ) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask(call, body, ["If-Match": #""a""#])
            #expect(response.status.code == status)
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
