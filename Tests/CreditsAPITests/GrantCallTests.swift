import HTTP
import Ledger
import Postgres
import Testing

@testable import CreditsAPI

struct `The grant calls` {
    private func addOldUsers(_ count: Int, to api: APIScene) async throws {
        for _ in 0..<count { _ = try await api.newUser() }
        try await api.execute("UPDATE users SET created_at = '2020-01-01+00'")
    }

    @Test func `run a day, and again, and show what it did`() async throws {
        try await withAPI { api in
            try await addOldUsers(3, to: api)
            try await api.execute(
                "INSERT INTO credits (user_id, credits) VALUES (2, 9007199254740990)")
            let first = try await api.ask("POST /api/grants/daily/2024-02-29/run")
            let second = try await api.ask("POST /api/grants/daily/2024-02-29/run")

            #expect(first.status == .ok && second.bodyText == first.bodyText)
            #expect(first.text("status") == "done" && first.text("day") == "2024-02-29")
            let counts = ["amount", "eligible", "granted", "capped"].map(first.integer)
            #expect(counts == [5, 3, 2, 1])
            let calendar = try await api.ask(
                "GET /api/grants/daily?from=2024-02-01&to=2024-03-01")
            #expect(calendar.bodyText == #"{"days":[\#(first.bodyText)]}"#)
        }
    }

    @Test func `show days that are due and not begun, and prove who is missing`() async throws {
        try await withAPI { api in
            try await addOldUsers(3, to: api)
            try await api.execute(
                "UPDATE credits_schema SET installed_at = now() - interval '2 days'")
            let today = try await api.service.grants.today()
            let calendar = try await api.ask("GET /api/grants/daily")
            #expect(calendar.bodyText.split(separator: "pending").count == 3)

            let path = "/api/grants/daily/\(today)"
            let before = try await api.ask("GET \(path)/coverage?limit=2")
            #expect(before.text("status") == "pending" && before.integer("eligible") == 2)
            #expect(before.member("missing") == [1, 2])
            let cursor = try #require(before.text("next_cursor"))
            let rest = try await api.ask("GET \(path)/coverage?cursor=\(cursor)")
            #expect(rest.member("missing") == [3] && rest.member("next_cursor") == .null)

            _ = try await api.ask("POST \(path)/run")
            let after = try await api.ask("GET \(path)/coverage")
            #expect(after.integer("eligible") == 3 && after.integer("granted") == 3)
            #expect(after.member("missing") == [])
        }
    }

    @Test(arguments: [
        ("POST /api/grants/daily/9999-12-31/run", 422, "still to come"),
        ("POST /api/grants/daily/2025-02-29/run", 422, "as in 2026-11-22"),
        ("POST /api/grants/daily/today/run", 422, "as in 2026-11-22"),
        ("GET /api/grants/daily/2001-01-01/coverage", 404, "no daily grant of 2001-01-01"),
        ("GET /api/grants/daily/2001-01-01/coverage?limit=0", 422, "from 1 to 10000"),
        ("GET /api/grants/daily/2001-01-01/coverage?cursor=x", 422, "next_cursor"),
        ("GET /api/grants/daily?from=2026-1-1", 422, "as in 2026-11-22"),
        ("GET /api/grants/daily?from=2026-01-02&to=2026-01-01", 422, "or a later one"),
        ("GET /api/grants/daily?from=2024-01-01&to=2026-01-01", 422, "366 days"),
        ("GET /api/grants/daily?day=2026-01-02", 422, "from and to"),
        ("DELETE /api/grants/daily", 405, "GET"),
    ])
    func `say what is wrong with a day`(request: String, status: Int, words: String) async throws {
        try await withAPI { api in
            let response = try await api.ask(request)
            #expect(response.status.code == status)
            #expect(response.bodyText.contains(words), "\(response.bodyText)")
        }
    }

    @Test func `tell of a rule that the database's owner has made`() async throws {
        try await withAPI { api in
            try await addOldUsers(1, to: api)
            try await api.execute("ALTER TABLE credits ADD CONSTRAINT few CHECK (credits < 3)")
            let refused = try await api.ask("POST /api/grants/daily/2024-02-29/run")
            #expect(refused.status == .conflict)
            #expect(refused.problem == "database-rule")
        }
    }

    @Test func `do not claim that nothing was changed where a lock keeps the day open`()
        async throws
    {
        try await withAPI { api in
            try await addOldUsers(2, to: api)
            let response = try await api.pool.withConnection { holder in
                _ = try await holder.run("BEGIN")
                _ = try await holder.run("INSERT INTO credits (user_id, credits) VALUES (2, 0)")
                return try await api.ask("POST /api/grants/daily/2024-02-29/run")
            }
            #expect(response.status == .serviceUnavailable)
            #expect(response.text("detail")?.hasPrefix("The day is not done") == true)
            #expect(try await api.ask("GET /api/credits/1").integer("credits") == 5)
        }
    }

    @Test func `run nothing without an amount`() async throws {
        var ledger = LedgerSettings()
        ledger.grants.amount = nil
        try await withAPI(ledger: ledger) { api in
            let response = try await api.ask("POST /api/grants/daily/2024-02-29/run")
            #expect(response.status.code == 422)
            #expect(response.text("detail")?.contains("DAILY_GRANT_AMOUNT is 0") == true)
        }
    }

    @Test func `need the key where the server has one`() async throws {
        let settings = APISettings(version: "1.2.3", isLoopbackOnly: true, adminToken: "secret")
        try await withAPI(settings) { api in
            let path = "POST /api/grants/daily/2024-02-29/run"
            #expect(try await api.ask(path).status.code == 401)
            let response = try await api.ask(path, nil, ["Authorization": "Bearer secret"])
            #expect(response.status == .ok)
        }
    }
}

extension APIScene {
    fileprivate func execute(_ statement: Statement) async throws {
        _ = try await pool.withConnection { try await $0.run(statement) }
    }
}
