import FoundationEssentials
import TestSupport
import Testing

/// Many clients at one balance, by the real binary.
struct ConcurrencyTests {
    private static let clients = 64
    private static let tries = 5_000
    private static let balance = 1_000

    /// All clients together try to deduct 1 so often; how often each status came.
    private func deduct(from servers: [RunningServer]) async throws -> [Int: Int] {
        try await withThrowingTaskGroup(of: [Int: Int].self) { group in
            for client in 0..<Self.clients {
                let port = servers[client % servers.count].port
                let share = Self.tries / Self.clients + (client < Self.tries % Self.clients ? 1 : 0)
                group.addTask {
                    try await onThread {
                        let client = try TestClient(port: port)
                        var statuses: [Int: Int] = [:]
                        for _ in 0..<share {
                            let answer = try client.send(
                                "POST", "/api/credits/1/deduct", #"{"amount":1}"#)
                            statuses[answer.status, default: 0] += 1
                        }
                        return statuses
                    }
                }
            }
            return try await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        }
    }

    private func prepare(_ server: RunningServer) async throws {
        _ = try await server.send("POST", "/api/users", #"{"email":"a@example.com","name":"A"}"#)
        let added = try await server.send(
            "POST", "/api/credits/1/add", #"{"amount":\#(Self.balance)}"#)
        #expect(added.status == 200)
    }

    private func checkLedger(_ server: RunningServer, _ database: TestDatabase) async throws {
        #expect(try await server.send("GET", "/api/credits/1").members.credits == 0)
        let ledger = try await database.run(
            """
            SELECT count(*), sum(amount), min(balance_after),
                count(*) FILTER (WHERE kind = 'deduct' AND amount = -1)
            FROM credit_transactions WHERE user_id = 1
            """)
        #expect(ledger == [["\(Self.balance + 1)", "0", "0", "\(Self.balance)"]])
    }

    @Test func `of 5,000 deductions by 64 clients exactly 1,000 succeed`() async throws {
        try await withServer { server, database in
            try await prepare(server)
            let statuses = try await deduct(from: [server])
            #expect(statuses == [200: Self.balance, 402: Self.tries - Self.balance])
            try await checkLedger(server, database)
        }
    }

    @Test func `the same holds for two servers on one database`() async throws {
        try await withServer { first, database in
            let second = try await RunningServer.start(["DATABASE_URL": database.target])
            try await prepare(first)
            let statuses = try await deduct(from: [first, second])
            #expect(statuses == [200: Self.balance, 402: Self.tries - Self.balance])
            try await checkLedger(second, database)
            _ = try await second.stop()
        }
    }
}
