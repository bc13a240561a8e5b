import Glibc
import PrivatePostgres
import TestSupport
import Testing

/// The real program, killed as the kernel kills.
struct GrantKillTests {
    private static let users = 3_000
    private static let kills = 20

    /// Each time the day goes on where the last process was killed: from its start on, between
    /// chunks, inside one, and on the way to its end.
    @Test func `a day whose processes are killed again and again reaches everybody once`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target, "GRANT_CHUNK_SIZE": "20"]
            _ = try await RunningServer.run(["migrate"], settings)
            try await database.run(
                """
                INSERT INTO users (email, name, created_at)
                SELECT 'u' || n || '@example.com', 'U', '2020-01-01'
                FROM generate_series(1, \(Self.users)) n
                """)
            for number in 0..<Self.kills {
                try await Self.grant(settings, killedAfter: .milliseconds(10 + 13 * number))
            }

            let result = try await RunningServer.run(
                ["grant", "--day", "2026-03-01", "--json"], settings)
            #expect(result.exit == .code(0), "\(result.errors)")
            let found = try await database.run(
                """
                SELECT count(*), count(DISTINCT user_id), sum(balance_after),
                    (SELECT count(*) FROM credits WHERE credits = 5),
                    (SELECT granted FROM daily_grants), (SELECT count(*) FROM grant_chunks)
                FROM credit_transactions
                """)
            let all = "\(Self.users)"
            #expect(found == [[all, all, "\(5 * Self.users)", all, all, "0"]])
            #expect(try await RunningServer.run(["verify"], settings).exit == .code(0))
        }
    }

    private static func grant(
        _ settings: [String: String], killedAfter pause: Duration
    ) async throws {
        let program = try await TestProgram.launch(
            try TestProgram.product("credits"), ["grant", "--day", "2026-03-01"],
            environment: settings)
        try await Task.sleep(for: pause)
        program.signal(SIGKILL)
        _ = try await program.end()
    }
}
