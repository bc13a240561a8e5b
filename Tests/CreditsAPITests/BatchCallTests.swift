import HTTP
import Ledger
import Testing

@testable import CreditsAPI

struct `A batch` {
    private let path = "POST /api/credits/batch"

    @Test func `answers each operation as it would be answered alone`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let other = try await api.newUser(holding: 7).rawValue
            for atomic in ["", #","atomic":true"#, #","atomic":false"#] {
                let response = try await api.ask(
                    path,
                    """
                    {"operations":[
                        {"user_id":\(user),"kind":"add","amount":10,"metadata":{"a":1}},
                        {"user_id":\(other),"kind":"reset","amount":null},
                        {"user_id":\(user),"kind":"deduct","amount":4,"idempotency_key":null},
                        {"user_id":\(user),"kind":"reset"}
                    ]\(atomic)}
                    """)
                #expect(response.status == .ok, "\(response.bodyText)")
                #expect(response.results.map { $0["status"] } == [200, 200, 200, 200])
                #expect(response.results.map { $0["credits"] } == [10, 0, 6, 0])
                #expect(response.results.allSatisfy { $0["transaction_id"] != nil })
                #expect(response.integer("refused") == 0)
            }
        }
    }

    @Test func `that is atomic happens not at all where one operation is refused`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 5).rawValue
            let first = #"{"user_id":\#(user),"kind":"add","amount":10,"idempotency_key":"k"}"#
            for (operation, status, problem) in [
                (#"{"user_id":\#(user),"kind":"deduct","amount":16}"#, 402, "insufficient-credits"),
                (#"{"user_id":9999,"kind":"reset"}"#, 404, "user-not-found"),
                (
                    #"{"user_id":\#(user),"kind":"add","amount":11,"idempotency_key":"k"}"#, 422,
                    "idempotency-key-reused"
                ),
            ] {
                let refused = try await api.ask(path, #"{"operations":[\#(first),\#(operation)]}"#)
                #expect(refused.status.code == status)
                #expect(refused.problem == problem)
                #expect(refused.integer("index") == 1)
                #expect(refused.text("detail")?.hasPrefix("Operation 1: ") == true)
            }
            let reused = try await api.ask(
                path,
                #"{"operations":[\#(first),\#(first.replacing("10", with: "11"))]}"#)
            #expect(reused.places == ["#/operations/1/amount"])
            let history = try await api.ask("GET /api/credits/\(user)/transactions")
            #expect(history.member("transactions")?.elements.count == 1)
        }
    }

    @Test func `that is not atomic does what it can, and tells of the rest`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 5).rawValue
            let body = """
                {"atomic":false,"operations":[
                    {"user_id":\(user),"kind":"deduct","amount":6},
                    {"user_id":\(user),"kind":"add","amount":1,"idempotency_key":"k"},
                    {"user_id":9999,"kind":"reset"},
                    {"user_id":\(user),"kind":"deduct","amount":6},
                    {"user_id":\(user),"kind":"add","amount":2,"idempotency_key":"k"}
                ]}
                """
            let response = try await api.ask(path, body)
            #expect(response.status == .ok)
            #expect(response.results.map { $0["status"] } == [402, 200, 404, 200, 422])
            #expect(response.integer("refused") == 3)
            let refused = response.results[0]["problem"]
            #expect(refused?["type"] == "/problems/insufficient-credits")
            #expect(refused?["shortfall"] == 1)
            let reused = response.results[4]["problem"]?["errors"]?.elements.first
            #expect(reused?["pointer"] == "#/operations/4/amount")

            let again = try await api.ask(path, body)
            #expect(again.results[1]["idempotent_replayed"] == true)
            #expect(again.results[1]["transaction_id"] == response.results[1]["transaction_id"])
        }
    }

    @Test func `with a wrong value does nothing, and points at it`() async throws {
        try await withAPIWithoutDatabase { api in
            for (operations, places) in [
                (nil, ["#/operations"]), ("{}", ["#/operations"]), ("[]", ["#/operations"]),
                ("[1]", ["#/operations/0"]),
                ("[{}]", ["#/operations/0/user_id", "#/operations/0/kind"]),
                (#"[{"user_id":1,"kind":"add"}]"#, ["#/operations/0/amount"]),
                (
                    #"[{"user_id":1,"kind":"reset"},{"user_id":1,"kind":"deduct","amount":0}]"#,
                    ["#/operations/1/amount"]
                ),
                (#"[{"user_id":"1","kind":"reset"}]"#, ["#/operations/0/user_id"]),
                (#"[{"user_id":1,"kind":"transfer","amount":1}]"#, ["#/operations/0/kind"]),
                (#"[{"user_id":1,"kind":1}]"#, ["#/operations/0/kind"]),
                (#"[{"user_id":1,"kind":"reset","reason":1}]"#, ["#/operations/0/reason"]),
                (#"[{"user_id":1,"kind":"reset","metadata":1}]"#, ["#/operations/0/metadata"]),
                (
                    #"[{"user_id":1,"kind":"reset","idempotency_key":"a b"}]"#,
                    ["#/operations/0/idempotency_key"]
                ),
            ] as [(String?, [String])] {
                for atomic in ["", #""atomic":false,"#] {
                    let members = operations.map { #""operations":\#($0)"# } ?? #""x":1"#
                    let refused = try await api.ask(path, "{\(atomic)\(members)}")
                    #expect(refused.problem == "invalid-value", "\(refused.bodyText)")
                    #expect(refused.places == places)
                }
            }
            let flag = try await api.ask(
                path, #"{"atomic":1,"operations":[{"user_id":1,"kind":"reset"}]}"#)
            #expect(flag.places == ["#/atomic"])
            let key: Fields = ["Idempotency-Key": "k"]
            let keyed = try await api.ask(
                path, #"{"operations":[{"user_id":1,"kind":"reset"}]}"#, key)
            #expect(keyed.places == ["Idempotency-Key"])
        }
    }

    @Test func `takes a thousand operations, and not one more`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let operation = #"{"user_id":\#(user),"kind":"add","amount":1}"#
            for count in [1_000, 1_001] {
                let list = Array(repeating: operation, count: count).joined(separator: ",")
                for atomic in [true, false] {
                    let response = try await api.ask(
                        path, #"{"operations":[\#(list)],"atomic":\#(atomic)}"#)
                    #expect(response.status == (count == 1_000 ? .ok : .unprocessableContent))
                    #expect(response.results.count == (count == 1_000 ? 1_000 : 0))
                }
            }
            let balance = try await api.ask("GET /api/credits/\(user)")
            #expect(balance.integer("credits") == 2_000)
        }
    }

    @Test func `names no more faults than somebody reads`() async throws {
        try await withAPIWithoutDatabase { api in
            let list = Array(repeating: "{}", count: 1_000).joined(separator: ",")
            let refused = try await api.ask(path, #"{"operations":[\#(list)]}"#)
            #expect(refused.places.count == 20)
        }
    }

    @Test func `is foretold by a dry run in both modes`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 5).rawValue
            for atomic in [true, false] {
                let response = try await api.ask(
                    path + "?dry_run=true",
                    """
                    {"atomic":\(atomic),"operations":[
                        {"user_id":\(user),"kind":"add","amount":1},
                        {"user_id":\(user),"kind":"reset"}
                    ]}
                    """)
                #expect(response.member("dry_run") == true)
                #expect(response.results.map { $0["credits"] } == [6, 0])
                #expect(response.results.allSatisfy { $0["transaction_id"] == nil })
            }
            let balance = try await api.ask("GET /api/credits/\(user)")
            #expect(balance.integer("credits") == 5)
        }
    }

    @Test func `is unavailable as a whole where nothing could be judged`() async throws {
        try await withAPIWithoutDatabase { api in
            for atomic in [true, false] {
                let response = try await api.ask(
                    path,
                    #"{"atomic":\#(atomic),"operations":[{"user_id":1,"kind":"reset"}]}"#)
                #expect(response.status == .serviceUnavailable)
                // A busy machine may be through with its patience before it has tried to connect.
                #expect(["unavailable", "overloaded"].contains(response.problem))
            }
        }
    }
}

extension Response {
    fileprivate var results: [JSONValue] { member("results")?.elements ?? [] }
}
