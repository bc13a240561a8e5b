import HTTP
import Ledger
import Postgres
import Testing

@testable import CreditsAPI

struct `A transfer` {
    @Test func `answers with the sender's balance, and names the other side`() async throws {
        try await withAPI { api in
            let sender = try await api.newUser(holding: 50).rawValue
            let recipient = try await api.newUser().rawValue
            let response = try await api.ask(
                "POST /api/credits/\(sender)/transfer", #"{"to":\#(recipient),"amount":20}"#)
            #expect(response.status == .ok)
            #expect(response.integer("credits") == 30)
            #expect(response.integer("related_user_id") == recipient)
            let other = try #require(response.integer("related_transaction_id"))
            #expect(other > response.integer("transaction_id") ?? .max)
            let schema = SchemaComponent.linkedReceipt.schema
            #expect(schema.violations(by: try response.json) == [])
            let balance = try await api.ask("GET /api/credits/\(recipient)")
            #expect(balance.integer("credits") == 20)
        }
    }

    @Test func `is replayed under its key, and names what differs`() async throws {
        try await withAPI { api in
            let sender = try await api.newUser(holding: 50).rawValue
            let recipient = try await api.newUser().rawValue
            let path = "POST /api/credits/\(sender)/transfer"
            let key: Fields = ["Idempotency-Key": "t"]
            let first = try await api.ask(path, #"{"to":\#(recipient),"amount":20}"#, key)
            let again = try await api.ask(path, #"{"amount":20,"to":\#(recipient)}"#, key)
            #expect(again.body == first.body)
            #expect(again.fields["Idempotent-Replayed"] == "true")
            for (body, place) in [
                (#"{"to":\#(recipient),"amount":21}"#, "#/amount"),
                (#"{"to":\#(recipient + 1),"amount":20}"#, "#/to"),
            ] {
                let refused = try await api.ask(path, body, key)
                #expect(refused.problem == "idempotency-key-reused")
                #expect(refused.places == [place])
            }
        }
    }

    @Test func `is refused with the reason`() async throws {
        try await withAPI { api in
            let sender = try await api.newUser(holding: 5).rawValue
            let other = try await api.newUser().rawValue
            for (user, body, status, problem, places) in [
                (9_999, #"{"to":1,"amount":1}"#, 404, "user-not-found", []),
                (sender, #"{"to":9999,"amount":1}"#, 404, "recipient-not-found", ["#/to"]),
                (sender, #"{"to":\#(sender),"amount":1}"#, 422, "invalid-value", ["#/to"]),
                (sender, #"{"to":\#(other),"amount":6}"#, 402, "insufficient-credits", []),
                (sender, #"{"amount":1}"#, 422, "invalid-value", ["#/to"]),
                (sender, #"{"to":"2","amount":1}"#, 422, "invalid-value", ["#/to"]),
                (sender, #"{"to":0,"amount":0}"#, 422, "invalid-value", ["#/to", "#/amount"]),
                (sender, #"{"to":2.5,"amount":1}"#, 422, "invalid-value", ["#/to"]),
                (
                    sender, #"{"to":99999999999999999999,"amount":1}"#, 422, "invalid-value",
                    ["#/to"]
                ),
            ] as [(Int64, String, Int, String, [String])] {
                let refused = try await api.ask("POST /api/credits/\(user)/transfer", body)
                #expect(refused.status.code == status, "\(body) \(refused.bodyText)")
                #expect(refused.problem == problem)
                #expect(refused.places == places)
            }
            let balance = try await api.ask("GET /api/credits/\(sender)")
            #expect(balance.integer("credits") == 5)
        }
    }

    @Test func `stops below the recipient's limit`() async throws {
        try await withAPI { api in
            let sender = try await api.newUser(holding: 5).rawValue
            let rich = try await api.newUser(holding: 1).rawValue
            try await api.pool.withConnection { connection in
                _ = try await connection.run(
                    "UPDATE credits SET credits = 9007199254740990 WHERE user_id = \(rich)")
            }
            let refused = try await api.ask(
                "POST /api/credits/\(sender)/transfer", #"{"to":\#(rich),"amount":2}"#)
            #expect(refused.problem == "balance-limit-reached")
            #expect(refused.text("detail")?.contains("recipient's balance") == true)
            #expect(refused.integer("room") == 1)
        }
    }
}

struct `A reversal` {
    @Test func `undoes a transaction once, without a body`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let added = try await api.ask("POST /api/credits/\(user)/add", #"{"amount":9}"#)
            let id = try #require(added.integer("transaction_id"))
            let path = "POST /api/credits/\(user)/transactions/\(id)/reverse"

            let reversed = try await api.ask(path)
            #expect(reversed.status == .ok)
            #expect(reversed.integer("credits") == 0)
            #expect(reversed.integer("related_user_id") == user)
            #expect(reversed.integer("related_transaction_id") == id)

            let again = try await api.ask(path, "{}")
            #expect(again.status == .conflict)
            #expect(again.problem == "already-reversed")
            #expect(again.integer("reversal_transaction_id") == reversed.integer("transaction_id"))
        }
    }

    @Test func `is replayed under its key`() async throws {
        try await withAPI { api in
            let receipt = try await api.newReceipt(of: 9)
            let (user, id) = (receipt.user.rawValue, try #require(receipt.transactionID))
            let path = "POST /api/credits/\(user)/transactions/\(id)/reverse"
            let key: Fields = ["Idempotency-Key": "r"]
            let body = #"{"reason":"Booked twice"}"#
            let first = try await api.ask(path, body, key)
            let again = try await api.ask(path, body, key)
            #expect(first.status == .ok)
            #expect(again.body == first.body)
            #expect(again.fields["Idempotent-Replayed"] == "true")
            let other = try await api.ask(
                "POST /api/credits/\(user)/transactions/\(id + 1)/reverse", body, key)
            #expect(other.problem == "idempotency-key-reused")
            #expect(other.places == ["transaction_id"])
        }
    }

    @Test func `is refused with the reason`() async throws {
        try await withAPI { api in
            let receipt = try await api.newReceipt(of: 9)
            let (user, first) = (receipt.user.rawValue, try #require(receipt.transactionID))
            let other = try await api.newUser().rawValue
            let sent = try await api.ask(
                "POST /api/credits/\(user)/transfer", #"{"to":\#(other),"amount":4}"#)
            let transfer = try #require(sent.integer("transaction_id"))
            for (owner, id, status, problem) in [
                (user, "\(transfer)", 409, "not-reversible"),
                (other, "\(transfer + 1)", 409, "not-reversible"),
                (user, "\(first)", 402, "insufficient-credits"),
                (other, "\(first)", 404, "transaction-not-found"),
                (9_999, "\(first)", 404, "user-not-found"),
                (user, "0", 422, "invalid-value"), (user, "+1", 422, "invalid-value"),
                (user, "x", 422, "invalid-value"),
            ] as [(Int64, String, Int, String)] {
                let refused = try await api.ask(
                    "POST /api/credits/\(owner)/transactions/\(id)/reverse")
                #expect(refused.status.code == status, "\(id): \(refused.bodyText)")
                #expect(refused.problem == problem)
            }
            let short = try await api.ask("POST /api/credits/\(user)/transactions/\(first)/reverse")
            #expect(short.integer("available") == 5)
            #expect(short.integer("requested") == 9)
            #expect(short.integer("shortfall") == 4)
        }
    }
}

struct `A dry run` {
    @Test func `of each write answers what would happen, and moves nothing`() async throws {
        try await withAPI { api in
            let receipt = try await api.newReceipt(of: 9)
            let (user, id) = (receipt.user.rawValue, try #require(receipt.transactionID))
            let other = try await api.newUser().rawValue
            for (call, body, credits) in [
                ("POST add", #"{"amount":5}"#, 14), ("POST deduct", #"{"amount":5}"#, 4),
                ("PATCH reset", nil, 0), ("POST transfer", #"{"to":\#(other),"amount":3}"#, 6),
                ("POST transactions/\(id)/reverse", nil, 0),
            ] as [(String, String?, Int64)] {
                let words = call.split(separator: " ")
                let response = try await api.ask(
                    "\(words[0]) /api/credits/\(user)/\(words[1])?dry_run=true", body)
                #expect(response.status == .ok, "\(response.bodyText)")
                #expect(response.integer("credits") == credits)
                #expect(response.member("dry_run") == true)
                #expect(response.member("transaction_id") == nil)
            }
            let history = try await api.ask("GET /api/credits/\(user)/transactions")
            #expect(history.member("transactions")?.elements.count == 1)
        }
    }

    @Test func `is refused as the write would be, and says that it is one`() async throws {
        try await withAPI { api in
            let user = try await api.newUser(holding: 9).rawValue
            let refused = try await api.ask(
                "POST /api/credits/\(user)/deduct?dry_run=true", #"{"amount":10}"#)
            #expect(refused.status == .paymentRequired)
            #expect(refused.integer("shortfall") == 1)
            #expect(refused.member("dry_run") == true)
        }
    }

    @Test func `uses no key up, and of one that stands it is the replay`() async throws {
        try await withAPI { api in
            let user = try await api.newUser().rawValue
            let key: Fields = ["Idempotency-Key": "k"]
            let path = "POST /api/credits/\(user)/add"
            let dry = try await api.ask(path + "?dry_run=true", #"{"amount":5}"#, key)
            #expect(dry.fields["Idempotent-Replayed"] == nil)
            let real = try await api.ask(path + "?dry_run=false", #"{"amount":6}"#, key)
            #expect(real.integer("credits") == 6)
            #expect(real.member("dry_run") == nil)
            let replayed = try await api.ask(path + "?dry_run=true", #"{"amount":6}"#, key)
            #expect(replayed.fields["Idempotent-Replayed"] == "true")
            #expect(replayed.member("transaction_id") == real.member("transaction_id"))
            #expect(replayed.member("dry_run") == true)
        }
    }

    @Test(arguments: [
        "dry_run=yes", "dry_run=1", "dry_run", "dry_run=", "dry_run=TRUE",
        "dry_run=true&dry_run=true", "dryRun=true", "dry-run=true", "dryrun=true", "x=1",
    ])
    func `is never taken for the real thing`(query: String) async throws {
        try await withAPIWithoutDatabase { api in
            for (call, body) in [
                ("POST /api/credits/1/add", #"{"amount":5}"#),
                ("POST /api/credits/1/deduct", #"{"amount":5}"#),
                ("PATCH /api/credits/1/reset", nil),
                ("POST /api/credits/1/transfer", #"{"to":2,"amount":5}"#),
                ("POST /api/credits/1/transactions/1/reverse", nil),
                ("POST /api/credits/batch", #"{"operations":[]}"#),
            ] as [(String, String?)] {
                let refused = try await api.ask("\(call)?\(query)", body)
                #expect(refused.problem == "invalid-value")
                let name = String(query.prefix { $0 != "=" })
                #expect(refused.places.first == name)
            }
        }
    }
}
