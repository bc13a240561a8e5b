import FoundationEssentials
import PrivatePostgres
import TestSupport
import Testing

/// The commands besides `serve`, by the real binary.
struct CommandTests {
    @Test func `migrate says what is missing, mends it, and is content afterwards`() async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target]
            let check = try await RunningServer.run(["migrate", "--check"], settings)
            #expect(check.exit == .code(1))
            #expect(check.output.contains("table users is missing"))
            let first = try await RunningServer.run(["migrate"], settings)
            #expect(first.exit == .code(0))
            #expect(first.output.hasSuffix("Brought up to date.\n"))
            for arguments in [["migrate"], ["migrate", "--check"]] {
                let again = try await RunningServer.run(arguments, settings)
                #expect(again.exit == .code(0))
                #expect(again.output == "The tables are up to date.\n")
            }
        }
    }

    @Test func `a negative balance stops the upgrade of the original's tables, with its user`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            try await database.run(
                """
                CREATE TABLE users (user_id serial PRIMARY KEY, email varchar(255) UNIQUE NOT NULL,
                    name varchar(100) NOT NULL);
                CREATE TABLE credits (
                    user_id integer PRIMARY KEY REFERENCES users ON DELETE CASCADE,
                    credits integer NOT NULL DEFAULT 0,
                    last_updated timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP);
                INSERT INTO users VALUES (41, 'a@example.com', 'A'), (42, 'b@example.com', 'B');
                INSERT INTO credits VALUES (41, 7), (42, -3)
                """)
            let settings = ["DATABASE_URL": database.target]
            let refused = try await RunningServer.run(["migrate"], settings)
            #expect(refused.exit == .code(65))
            #expect(refused.errors.contains("42") && !refused.errors.contains("41"))
            try await database.run("UPDATE credits SET credits = 0 WHERE user_id = 42")
            let server = try await RunningServer.start(settings)
            #expect(try await server.send("GET", "/api/credits/41").members.credits == 7)
            _ = try await server.stop()
        }
    }

    @Test func `grant gives a day once`() async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target, "DAILY_GRANT_AMOUNT": "9"]
            _ = try await RunningServer.run(["migrate"], settings)
            try await database.run(
                """
                INSERT INTO users (email, name, created_at)
                SELECT 'u' || n || '@example.com', 'U', '2026-01-01' FROM generate_series(1, 3) n
                """)
            for _ in 0..<2 {
                let result = try await RunningServer.run(
                    ["grant", "--day", "2026-02-01"], settings)
                #expect(result.exit == .code(0))
                #expect(result.output == "2026-02-01: 9 credits each to 3 users\n")
            }
            let sum = try await database.run("SELECT sum(credits) FROM credits")
            #expect(sum == [["27"]])
            let json = try await RunningServer.run(
                ["grant", "--day", "2026-02-01", "--json"], settings)
            #expect(json.output.contains(#""eligible" : 3"#))
            let early = try await RunningServer.run(["grant", "--day", "9999-12-31"], settings)
            #expect(early.exit == .code(64))
            let wrong = try await RunningServer.run(["grant", "--day", "2026-02-30"], settings)
            #expect(wrong.exit == .code(64))
        }
    }

    @Test func `grant takes the amount that the service has stored, and leaves it`() async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target]
            _ = try await RunningServer.run(["migrate"], settings)
            try await database.run(
                """
                UPDATE credits_schema SET installed_at = now() - interval '1 day';
                UPDATE grant_schedules SET amount = 30 WHERE name = 'daily';
                INSERT INTO users (email, name, created_at)
                VALUES ('a@example.com', 'A', '2026-01-01')
                """)
            // The service may have turned it off.
            let due = try await RunningServer.run(["grant"], settings)
            #expect(due.output == "No day is due.\n")
            let day = try await RunningServer.run(["grant", "--day", "2026-02-01"], settings)
            #expect(day.output.contains("30 credits each to 1 users"))
            let stored = "SELECT amount FROM grant_schedules WHERE name = 'daily'"
            #expect(try await database.run(stored) == [["30"]])

            _ = try await RunningServer.run(["grant", "--daily-grant-amount", "7"], settings)
            #expect(try await database.run(stored) == [["7"]])
        }
    }

    @Test func `a server that starts late makes up the missed days`() async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target]
            _ = try await RunningServer.run(["migrate"], settings)
            try await database.run(
                """
                UPDATE credits_schema SET installed_at = now() - interval '3 days';
                INSERT INTO users (email, name, created_at)
                VALUES ('a@example.com', 'A', now() - interval '10 days')
                """)
            let server = try await RunningServer.start(settings)
            let isGranted = try await eventually {
                try await server.send("GET", "/api/credits/1").members.credits == 15
            }
            #expect(isGranted)
            _ = try await server.stop()
        }
    }

    @Test(arguments: ["openapi", "postman"])
    func `a document is printed, written and compared`(command: String) async throws {
        try await withTemporaryFolder { folder in
            let file = folder + "/document.json"
            let printed = try await RunningServer.run([command])
            #expect(printed.exit == .code(0))
            #expect(try await RunningServer.run([command, "-o", file]).exit == .code(0))
            #expect(FileManager.default.contents(atPath: file) == Data(printed.output.utf8))
            #expect(try await RunningServer.run([command, "--check", file]).exit == .code(0))
            try Data(
                printed.output.replacing("{\n", with: "{\n  \"old\": 1,\n", maxReplacements: 1).utf8
            )
            .write(to: URL(filePath: file))
            let stale = try await RunningServer.run([command, "--check", file])
            #expect(stale.exit == .code(1))
            #expect(
                stale.errors.contains("is not current")
                    && stale.errors.contains("line 2:\n  -   \"old\": 1,"))
            let nowhere = try await RunningServer.run([command, "-o", folder + "/no/file"])
            #expect(nowhere.exit == .code(73))
            #expect(
                nowhere.errors.hasSuffix("cannot be written: write: No such file or directory\n"))
        }
    }

    @Test(arguments: [
        ["migrate", "--auto-migrate", "off"], ["verify", "--daily-grant-amount", "7"],
        ["grant", "--ledger-batch-size", "7"], ["keys", "list", "--grant-catch-up", "none"],
    ])
    func `a flag without an effect on the command is refused`(arguments: [String]) async throws {
        let refused = try await RunningServer.run(arguments)
        #expect(refused.exit == .code(64))
        #expect(refused.errors.contains("Unknown option"))
    }

    @Test func `help has examples and the exit codes, and version the version`() async throws {
        let help = try await RunningServer.run(["--help"])
        #expect(help.exit == .code(0))
        #expect(help.output.contains("EXAMPLES:") && help.output.contains("EXIT CODES:"))
        let version = try await RunningServer.run(["--version"])
        #expect(version.output.wholeMatch(of: /\d+\.\d+\.\d+\n/) != nil)
    }
}
