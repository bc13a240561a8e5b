import PrivatePostgres
import TestSupport
import Testing

@testable import credits

/// `credits verify`, by the real binary.
struct VerifyCommandTests {
    @Test func `a ledger that adds up ends with 0, and one that does not with 1 and names`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target]
            _ = try await RunningServer.run(["migrate"], settings)
            try await database.run(
                """
                INSERT INTO users (email, name)
                SELECT 'u' || n || '@example.com', 'U' FROM generate_series(1, 9) n;
                INSERT INTO credits (user_id, credits) SELECT user_id, 10 FROM users
                """)
            let clean = try await RunningServer.run(["verify"], settings)
            #expect(clean.exit == .code(0))
            #expect(clean.output.hasPrefix("9 entries of 9 users, in "))
            #expect(clean.output.hasSuffix(" s: all add up.\n"))
            #expect(!clean.errors.contains("["), "no bar without a terminal: \(clean.errors)")

            try await database.run(
                """
                UPDATE credits SET credits = 11, last_transaction_id = 99 WHERE user_id IN (3, 7)
                """)
            let failing = try await RunningServer.run(["verify", "--chunk", "2"], settings)
            #expect(failing.exit == .code(1))
            let lines = failing.output.split(separator: "\n")
            #expect(
                lines.dropLast() == [
                    "user 3: the balance is 11, and the last entry, 3, left 10",
                    "user 7: the balance is 11, and the last entry, 7, left 10",
                ])
            #expect(lines.last?.hasSuffix("2 users do not add up.") == true)
            let json = try await RunningServer.run(["verify", "--json"], settings)
            #expect(json.exit == .code(1))
            #expect(json.output.contains(#""is_consistent" : false"#))
            #expect(json.output.contains(#""problem" : "balance-differs""#))
            #expect(json.output.contains(#""user_id" : 7"#))
        }
    }

    @Test func `a database that is not up to date is refused, and so is a chunk of none`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target]
            let refused = try await RunningServer.run(["verify"], settings)
            #expect(refused.exit == .code(65))
            #expect(refused.errors.contains("table credits is missing"))
            let wrong = try await RunningServer.run(["verify", "--chunk", "0"], settings)
            #expect(wrong.exit == .code(64))
        }
    }

    @Test(arguments: [
        (0, 0, "  0 % [------------------------] 0 of 0 entries, 0/s, 0 s left"),
        (500, 1000, " 50 % [############------------] 500 of 1000 entries, 250/s, 2 s left"),
        (999, 1000, " 99 % [#######################-] 999 of 1000 entries, 499/s, 1 s left"),
        // More than expected: an estimate was wrong, and the end is still not there.
        (1500, 1000, " 99 % [#######################-] 1500 of 1500 entries, 750/s, 0 s left"),
    ])
    func `the bar says how far it is`(done: Int64, expected: Int64, line: String) {
        #expect(ProgressBar.line(done: done, expected: expected, after: .seconds(2)) == line)
    }
}
