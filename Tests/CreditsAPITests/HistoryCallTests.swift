import HTTP
import Ledger
import Testing

@testable import CreditsAPI

struct `The history call` {
    @Test func `shows entries as they are, newest first`() async throws {
        try await withAPI { api in
            let id = try await api.newUser().rawValue
            let body = #"{"amount":10,"reason":"a \"b\"\n","metadata":{"z":[1,{"y":null}]}}"#
            let first = try await api.ask(
                "POST /api/credits/\(id)/add", body, ["Idempotency-Key": "key"])
            let second = try await api.ask("POST /api/credits/\(id)/deduct", #"{"amount":3}"#)
            let response = try await api.ask("GET /api/credits/\(id)/transactions")
            let ids = try [first, second].map { try #require($0.integer("transaction_id")) }
            let times = try [first, second].map { try #require($0.text("last_updated")) }
            #expect(
                response.bodyText
                    == #"{"user_id":\#(id),"transactions":["#
                    + #"{"transaction_id":\#(ids[1]),"kind":"deduct","amount":-3,"#
                    + #""balance_after":7,"reason":null,"metadata":null,"#
                    + #""idempotency_key":null,"created_at":"\#(times[1])"},"#
                    + #"{"transaction_id":\#(ids[0]),"kind":"add","amount":10,"#
                    + #""balance_after":10,"reason":"a \"b\"\n","#
                    + #""metadata":{"z":[1,{"y":null}]},"#
                    + #""idempotency_key":"key","created_at":"\#(times[0])"}"#
                    + #"],"next_cursor":null}"#)
            #expect(response.fields["Link"] == nil)
        }
    }

    @Test func `leads from page to page, by cursor and by Link alike`() async throws {
        try await withAPI { api in
            let id = try await api.newUser(holding: 1).rawValue
            for amount in 2...8 {
                _ = try await api.ask("POST /api/credits/\(id)/add", #"{"amount":\#(amount)}"#)
            }
            var shown: [Int64] = []
            var path =
                "/api/credits/\(id)/transactions?limit=3&kind=add&kind=reset"
                + "&from=2020-01-01T00:00:00%2B01:00&to=2999-01-01T00:00:00Z"
            for count in [3, 3, 2] {
                let page = try await api.ask("GET \(path)")
                #expect(page.status == .ok, "\(page.bodyText)")
                #expect(page.amounts.count == count)
                shown += page.amounts
                // Whoever writes meanwhile shifts nothing.
                _ = try await api.ask("POST /api/credits/\(id)/add", #"{"amount":100}"#)
                let link = page.fields["Link"]
                let target = link?.dropFirst().prefix { $0 != ">" }
                #expect((link == nil) == (page.member("next_cursor") == .null))
                if let link, let target {
                    #expect(link == "<\(target)>; rel=\"next\"")
                    #expect(target.contains("cursor=\(try #require(page.text("next_cursor")))"))
                    path = String(target)
                }
            }
            #expect(shown == [8, 7, 6, 5, 4, 3, 2, 1])
        }
    }

    @Test func `finds the entry of a key, whatever is in it`() async throws {
        try await withAPI { api in
            let id = try await api.newUser().rawValue
            let key = "a&b=c#d%20+e"
            for (amount, key) in [(1, "other"), (2, key)] {
                _ = try await api.ask(
                    "POST /api/credits/\(id)/add", #"{"amount":\#(amount)}"#,
                    ["Idempotency-Key": key])
            }
            let query = "idempotency_key=a%26b%3Dc%23d%2520%2Be"
            let page = try await api.ask("GET /api/credits/\(id)/transactions?\(query)")
            #expect(page.amounts == [2])
        }
    }

    @Test func `knows no user who is not there`() async throws {
        try await withAPI { api in
            let response = try await api.ask("GET /api/credits/4711/transactions")
            #expect(response.problem == "user-not-found")
        }
    }

    @Test(arguments: [
        ("limit=0", ["limit"]), ("limit=201", ["limit"]), ("limit=ten", ["limit"]),
        ("limit=%2B5", ["limit"]), ("limit=", ["limit"]), ("limit=1&limit=2", ["limit"]),
        ("kind=spent", ["kind"]), ("kind=add&kind=", ["kind"]), ("kind=add,reset", ["kind"]),
        ("from=yesterday", ["from"]), ("to=2026-11-22", ["to"]), ("from=", ["from"]),
        ("from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z", ["to"]),
        ("from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z", ["to"]),
        ("from=2026-01-01T00:00:00Z&from=2026-01-01T00:00:00Z", ["from"]),
        ("idempotency_key=", ["idempotency_key"]), ("idempotency_key=a%20b", ["idempotency_key"]),
        ("cursor=5", ["cursor"]), ("cursor=", ["cursor"]),
        ("cursor=u0000000000000005", ["cursor"]),
        ("cursor=tf000000000000004f000000000000000", ["cursor"]),
        ("cursor=t+000000000000004f000000000000000", ["cursor"]),
        ("cursor=\(Example.cursor)", ["cursor"]),
        ("Kind=add", ["Kind"]), ("at=2026-01-01T00:00:00Z", ["at"]), ("offset=5", ["offset"]),
        ("type=add&limit=0", ["type", "limit"]), ("%00=1", ["\u{0}"]),
    ])
    func `refuses what it does not know, and says where`(
        query: String, places: [String]
    ) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("GET /api/credits/1/transactions?\(query)")
            #expect(response.status == .unprocessableContent)
            #expect(response.places == places, "\(response.bodyText)")
        }
    }

    @Test func `names the parameters that there are`() async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("GET /api/credits/1/transactions?sort=asc")
            #expect(
                response.text("detail")
                    == "This call has the query parameters limit, cursor, from, to, "
                    + "idempotency_key and kind, and no other.")
        }
    }

    @Test func `takes a cursor only for what it was given for`() async throws {
        try await withAPI { api in
            let id = try await api.newUser(holding: 1).rawValue
            let other = try await api.newUser(holding: 1).rawValue
            _ = try await api.ask("POST /api/credits/\(id)/add", #"{"amount":2}"#)
            let path = "/api/credits/\(id)/transactions"
            let page = try await api.ask("GET \(path)?limit=1&kind=add")
            let cursor = try #require(page.text("next_cursor"))
            let rest = "limit=1&cursor=\(cursor)"
            for (query, status) in [
                ("\(path)?\(rest)&kind=add", Status.ok),
                ("\(path)?cursor=\(cursor)&kind=add&limit=200", .ok),
                ("\(path)?\(rest)", .unprocessableContent),
                ("\(path)?\(rest)&kind=add&kind=reset", .unprocessableContent),
                ("\(path)?\(rest)&kind=add&from=2026-01-01T00:00:00Z", .unprocessableContent),
                ("/api/credits/\(other)/transactions?\(rest)&kind=add", .unprocessableContent),
            ] {
                let response = try await api.ask("GET \(query)")
                #expect(response.status == status, "\(query): \(response.bodyText)")
                if status != .ok { #expect(response.places == ["cursor"]) }
            }
        }
    }
}

struct `The balance call, asked for a time` {
    @Test func `answers as of then`() async throws {
        try await withAPI { api in
            let id = try await api.newUser().rawValue
            let first = try await api.ask("POST /api/credits/\(id)/add", #"{"amount":10}"#)
            _ = try await api.ask("POST /api/credits/\(id)/add", #"{"amount":5}"#)
            let moment = try #require(first.text("last_updated"))
            let then = try await api.ask("GET /api/credits/\(id)?at=\(moment)")
            #expect(
                then.bodyText
                    == #"{"user_id":\#(id),"credits":10,"last_updated":"\#(moment)"}"#)
            let past = try await api.ask("GET /api/credits/\(id)?at=2000-01-01T00:00:00-07:00")
            #expect(past.integer("credits") == 0)
            // An offset's plus sign that nobody encoded.
            let offset = try await api.ask("GET /api/credits/\(id)?at=2000-01-01T00:00:00+07:00")
            #expect(offset.integer("credits") == 0)
            #expect(try await api.ask("GET /api/credits/\(id)").integer("credits") == 15)
            #expect(try await api.ask("GET /api/credits/\(id)?").integer("credits") == 15)
            #expect(try await api.ask("GET /api/credits/\(id)?_=1").integer("credits") == 15)
        }
    }

    @Test(arguments: [
        ("at=tomorrow", ["at"]), ("at=", ["at"]), ("_=1&at=", ["at"]),
        ("at=2026-01-01T00:00:00Z&at=2026-01-01T00:00:00Z", ["at"]),
    ])
    func `refuses a time that is none`(query: String, places: [String]) async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("GET /api/credits/1?\(query)")
            #expect(response.status == .unprocessableContent)
            #expect(response.places == places, "\(response.bodyText)")
        }
    }

    @Test func `refuses a time that is still to come, and says what time it is`() async throws {
        try await withAPI { api in
            let id = try await api.newUser().rawValue
            let response = try await api.ask("GET /api/credits/\(id)?at=2999-01-01T00:00:00Z")
            #expect(response.status == .unprocessableContent)
            #expect(response.places == ["at"])
            #expect(response.text("detail")?.contains("it is 20") == true)
            let nobody = try await api.ask("GET /api/credits/4711?at=2999-01-01T00:00:00Z")
            #expect(nobody.problem == "user-not-found")
        }
    }
}

struct `The deletion call` {
    @Test func `is answered once with 204, and from then on everything with 404`() async throws {
        try await withAPI { api in
            let id = try await api.newUser(holding: 10).rawValue
            let deleted = try await api.ask("DELETE /api/users/\(id)")
            #expect(deleted.status == .noContent)
            #expect(deleted.body.isEmpty)
            for request in [
                "DELETE /api/users/\(id)", "GET /api/users/\(id)", "GET /api/credits/\(id)",
                "GET /api/credits/\(id)?at=2000-01-01T00:00:00Z",
                "GET /api/credits/\(id)/transactions", "PATCH /api/credits/\(id)/reset",
            ] {
                #expect(try await api.ask(request).problem == "user-not-found", "\(request)")
            }
            for write in ["add", "deduct"] {
                let refused = try await api.ask(
                    "POST /api/credits/\(id)/\(write)", #"{"amount":1}"#)
                #expect(refused.problem == "user-not-found")
            }
            let list = try await api.ask("GET /api/users")
            #expect(list.bodyText == #"{"users":[],"next_cursor":null}"#)
        }
    }

    @Test func `takes no user id that is none`() async throws {
        try await withAPIWithoutDatabase { api in
            let response = try await api.ask("DELETE /api/users/ada")
            #expect(response.places == ["user_id"])
        }
    }
}

extension Response {
    fileprivate var amounts: [Int64] {
        guard case .array(let entries) = member("transactions") else { return [] }
        return entries.compactMap { entry in
            guard case .object(let entry) = entry, case .number(let number) = entry["amount"],
                case .exactly(let amount) = number.wholeNumber
            else { return nil }
            return amount
        }
    }
}
