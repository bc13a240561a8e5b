import Glibc
import PrivatePostgres
import TestSupport
import Testing

/// The real program, killed as the kernel kills, while it changes the schema.
struct SchemaKillTests {
    private static let kills = 8

    /// Each seed draws its moments, from before the request is read on; the last is when it has
    /// been answered.
    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `a change whose server is killed has happened whole, or not at all`(
        seed: UInt64
    ) async throws {
        try await withTestDatabase { (database: TestDatabase) in
            var random = SeededGenerator(seed: seed)
            var server = try await Self.start(on: database)
            let began = ContinuousClock.now
            #expect(try await Self.change(0, server).status == 200)
            let usual = ContinuousClock.now - began
            for number in 1...Self.kills {
                let pause =
                    number == Self.kills
                    ? nil : usual * Double.random(in: 0...1.3, using: &random)
                let isAnswered = try await Self.change(number, server, killedAfter: pause)

                server = try await Self.start(on: database)
                #expect(try await server.send("GET", "/api/credits/1").status == 200)
                #expect(try await Self.change(number + 1000, server).status == 200)
                let end = try await Self.end(of: number, in: database)
                #expect(
                    end == "whole" || (end == "nothing" && !isAnswered),
                    "\(end) after \(pause ?? .zero)")
                #expect(isAnswered || pause != nil)
            }
            #expect(try await server.stop().exit == .code(0))
        }
    }

    /// PostgreSQL goes on with what a dead client sent; it looks for the client meanwhile.
    @Test func `a change that PostgreSQL was at holds its locks no longer than it takes to see`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let first = try await Self.start(on: database)
            let sending = Task {
                try await first.send(
                    "POST", "/api/schema/update",
                    #"{"sql":"LOCK TABLE users; SELECT pg_sleep(25)"}"#)
            }
            let isAtIt = try await eventually {
                try await database.run("SELECT FROM pg_stat_activity WHERE wait_event = 'PgSleep'")
                    .count == 1
            }
            #expect(isAtIt)
            first.program.signal(SIGKILL)
            _ = try await first.program.end()
            // The server was killed under the client, which has no answer then.
            let answer = try? await sending.value
            #expect(answer == nil)

            let second = try await Self.start(on: database)
            let isFree = try await eventually(within: .seconds(20)) {
                try await Self.change(1, second).status == 200
            }
            #expect(isFree)
            #expect(try await database.run("SELECT FROM schema_changes").count == 1)
            #expect(try await second.stop().exit == .code(0))
        }
    }

    // MARK: Steps

    private static func start(on database: TestDatabase) async throws -> RunningServer {
        let server = try await RunningServer.start(["DATABASE_URL": database.target])
        try await database.run(
            """
            INSERT INTO users (email, name) SELECT 'a@example.com', 'A'
            WHERE NOT EXISTS (SELECT FROM users)
            """)
        return server
    }

    private static func body(_ number: Int) -> String {
        """
        {"retry":10,"sql":"CREATE TABLE made_\(number) (id int PRIMARY KEY);
         INSERT INTO made_\(number) SELECT generate_series(1, 1000);
         ALTER TABLE users ADD COLUMN added_\(number) int DEFAULT 7"}
        """.replacing("\n", with: "")
    }

    private static func change(
        _ number: Int, _ server: RunningServer
    ) async throws -> TestAnswer {
        try await server.send("POST", "/api/schema/update", body(number))
    }

    /// - Parameter pause: nil for when the change has been answered.
    /// - Returns: whether the change was answered as done before its server was killed.
    private static func change(
        _ number: Int, _ server: RunningServer, killedAfter pause: Duration?
    ) async throws -> Bool {
        let sending = Task { try await change(number, server) }
        if let pause { try await Task.sleep(for: pause) } else { _ = try await sending.value }
        server.program.signal(SIGKILL)
        _ = try await server.program.end()
        // The server was killed under the client: it has no answer then.
        let answer = try? await sending.value
        return answer?.status == 200
    }

    /// What there is of the change: its table with its rows, its column, its record, its line in
    /// the audit log.
    private static func end(of number: Int, in database: TestDatabase) async throws -> String {
        let changes = "FROM schema_changes c WHERE sql LIKE '%made_\(number) %'"
        let found = try await database.run(
            """
            SELECT to_regclass('made_\(number)') IS NOT NULL,
                EXISTS (SELECT FROM pg_attribute
                    WHERE attrelid = 'users'::regclass AND attname = 'added_\(number)'),
                (SELECT count(*) \(changes)),
                (SELECT count(*) \(changes) AND outcome = 'applied' AND EXISTS (
                    SELECT FROM audit_log WHERE target = 'schema_change:' || c.change_id))
            """)
        switch found {
        case [["f", "f", "0", "0"]]: return "nothing"
        case [["t", "t", "1", "1"]]:
            let rows = try await database.run("SELECT count(*) FROM made_\(number)")
            return rows == [["1000"]] ? "whole" : "\(rows)"
        default: return "\(found)"
        }
    }
}
