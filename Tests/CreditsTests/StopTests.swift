import Glibc
import PrivatePostgres
import Synchronization
import TestSupport
import Testing

/// How the binary stops: under load, with a request that is stuck, and at a second signal.
@Suite(.serialized) struct StopTests {
    private static let add = (method: "POST", path: "/api/credits/1/add", body: #"{"amount":1}"#)

    private func makeUser(_ server: RunningServer) async throws {
        let user = try await server.send(
            "POST", "/api/users", #"{"email":"a@example.com","name":"A"}"#)
        #expect(user.status == 201)
    }

    private func add(_ server: RunningServer) async throws -> TestAnswer {
        try await server.send(Self.add.method, Self.add.path, Self.add.body)
    }

    /// What a server that is started afterwards says, and what the ledger says.
    private func checkBalance(_ expected: Int, _ database: TestDatabase) async throws {
        let server = try await RunningServer.start(["DATABASE_URL": database.target])
        #expect(try await server.send("GET", "/api/credits/1").members.credits == expected)
        #expect(try await server.stop().exit == .code(0))
        let ledger = try await database.run(
            "SELECT count(*), sum(amount) FROM credit_transactions WHERE user_id = 1")
        #expect(ledger == [["\(expected)", "\(expected)"]])
    }

    // MARK: Under load

    private static let clients = 32

    /// Adds again and again on one connection, until it is told that it was the last time; how
    /// often that was. An add without an answer is an error.
    private static func addUntilTold(port: Int, _ total: Counter) throws -> Int {
        let client = try TestClient(port: port)
        var acknowledged = 0
        while true {
            let answer = try client.send(add.method, add.path, add.body)
            guard answer.status == 200 else {
                throw TestClientError(what: "\(answer.status) \(answer.body)")
            }
            acknowledged += 1
            total.increase()
            if answer.isLast { return acknowledged }
        }
    }

    private final class Counter: Sendable {
        private let count = Atomic<Int>(0)
        var value: Int { count.load(ordering: .relaxed) }
        func increase() { count.add(1, ordering: .relaxed) }
    }

    @Test func `told to stop under load, it answers every request and loses none of them`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let server = try await RunningServer.start([
                // Longer than a client takes to send its next request, however busy the machine.
                "DATABASE_URL": database.target, "HTTP_DRAIN_GRACE": "20s",
            ])
            try await makeUser(server)
            let (port, total) = (server.port, Counter())
            async let acknowledged = withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<Self.clients {
                    group.addTask {
                        try await onThread { try Self.addUntilTold(port: port, total) }
                    }
                }
                return try await group.reduce(0, +)
            }
            #expect(try await eventually { total.value > 20 * Self.clients })
            let result = try await server.stop()
            #expect(result.exit == .code(0))
            #expect(!result.errors.contains("cut"))
            try await checkBalance(try await acknowledged, database)
        }
    }

    // MARK: In front of a load balancer

    @Test func `until the delay is over work is taken, each time as the connection's last`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let server = try await RunningServer.start([
                "DATABASE_URL": database.target, "SHUTDOWN_DELAY": "5m",
            ])
            try await makeUser(server)
            #expect(try await add(server).isLast == false)
            server.program.signal(SIGTERM)
            #expect(
                try await eventually { try await server.send("GET", "/readyz").status == 503 })
            let answer = try await add(server)
            #expect(answer.status == 200)
            #expect(answer.isLast)
            server.program.signal(SIGTERM)
            #expect(try await server.program.end().exit == .code(143))
            // Ended at once, and still nothing that was acknowledged is lost.
            try await checkBalance(2, database)
        }
    }

    // MARK: With a request that is stuck

    /// Calls the body while an add waits in the database for a lock that another session holds.
    private func withStuckAdd(
        _ settings: [String: String] = [:],
        _ body: (RunningServer, DirectConnection, Task<TestAnswer, any Error>) async throws -> Void
    ) async throws {
        try await withServer(settings) { server, database in
            try await makeUser(server)
            #expect(try await add(server).status == 200)
            let holder = try DirectConnection(database.administratorTarget)
            try holder.run("BEGIN; SELECT FROM credits WHERE user_id = 1 FOR UPDATE")
            let adding = Task { try await add(server) }
            let isStuck = try await eventually {
                try await database.administer(
                    """
                    SELECT FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """
                ).count == 1
            }
            #expect(isStuck)
            try await body(server, holder, adding)
        }
    }

    private func refusesConnections(_ server: RunningServer) async throws -> Bool {
        try await eventually {
            do {
                _ = try TestClient(port: server.port)
                return false
            } catch is TestClientError {
                return true
            }
        }
    }

    @Test func `a request that takes long is waited for, while nobody new is let in`() async throws
    {
        try await withStuckAdd { server, holder, adding in
            server.program.signal(SIGTERM)
            #expect(try await refusesConnections(server))
            try holder.run("ROLLBACK")
            let answer = try await adding.value
            #expect(answer.status == 200)
            #expect(try answer.members.credits == 2)
            #expect(answer.isLast)
            #expect(try await server.program.end().exit == .code(0))
        }
    }

    @Test func `a request that is not done by the deadline is cut, and the end is still 0`()
        async throws
    {
        let settings = [
            "HTTP_DRAIN_DEADLINE": "200ms", "DATABASE_CLOSE_DEADLINE": "200ms",
            "DATABASE_STATEMENT_DEADLINE": "5m",
        ]
        try await withStuckAdd(settings) { server, holder, adding in
            server.program.signal(SIGTERM)
            await #expect(throws: TestClientError.self) { try await adding.value }
            let result = try await server.program.end()
            #expect(result.exit == .code(0))
            #expect(result.errors.contains("requests that did not end before the deadline"))
            try holder.run("ROLLBACK")
        }
    }

    @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(CInt, CInt)])
    func `a second signal ends it at once`(signal: CInt, code: CInt) async throws {
        try await withStuckAdd { server, holder, adding in
            server.program.signal(SIGTERM)
            #expect(try await refusesConnections(server))
            server.program.signal(signal)
            #expect(try await server.program.end().exit == .code(code))
            await #expect(throws: TestClientError.self) { try await adding.value }
            try holder.run("ROLLBACK")
        }
    }
}
