import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("schema.sql")
struct SchemaTests {
    @Test("an empty database lacks every table, and none once it is applied")
    func appliesToEmpty() async throws {
        try await withBareDatabase { ledger, migrator in
            let missing = try await migrator.missingParts()
            #expect(missing == RequiredColumn.tables.map { "table \($0) is missing" })

            try await migrator.apply()

            #expect(try await migrator.missingParts() == [])
            #expect(await ledger.service.readiness().problems == [])
        }
    }

    @Test("it may be applied again at any time, and by several instances at once")
    func appliesAgain() async throws {
        try await withBareDatabase { ledger, migrator in
            _ = try await concurrently(4) { _ in try await migrator.apply() }
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(5), on: user)

            try await migrator.apply()

            #expect(try await ledger.entries(of: user).map(\.kind) == [.add])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("applied under traffic that takes the tables the other way round, it is tried again")
    func appliesUnderTraffic() async throws {
        try await withBareDatabase { ledger, migrator in
            try await migrator.apply()
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(5), on: user)

            try await ledger.crossTraffic(with: migrator)

            let deadlocks: Statement = """
                SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()
                """
            #expect(try await eventually { try await ledger.count(deadlocks) == 1 })
            #expect(try await migrator.missingParts() == [])
        }
    }

    @Test("the original's tables are upgraded with their data, and served")
    func upgradesOriginal() async throws {
        try await withBareDatabase { ledger, migrator in
            try await ledger.makeOriginalTables()

            try await migrator.apply()

            let rich = try #require(try await ledger.service.account(of: userID(1)))
            #expect(rich.credits == 2_000_000_000)
            #expect(rich.lastUpdated.rfc3339 == "2024-01-02T03:04:05.600000Z")
            #expect(try await ledger.entries(of: userID(1)).map(\.kind) == [.opening])
            #expect(try await ledger.service.account(of: userID(3))?.credits == 0)
            #expect(
                try await ledger.perform(add(2_000_000_000), on: userID(1)).credits
                    == 4_000_000_000)
            #expect(try await ledger.newUser() == userID(4))
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a negative balance stops the upgrade, names the users, and changes nothing")
    func refusesNegativeBalances() async throws {
        try await withBareDatabase { ledger, migrator in
            try await ledger.makeOriginalTables()
            try await ledger.execute("UPDATE credits SET credits = -7 WHERE user_id IN (1, 2)")

            let error = await #expect(throws: PostgresError.self) { try await migrator.apply() }

            guard case .server(let refusal) = error else { throw NotRefused(error: error) }
            #expect(refusal.message.contains("user 1: -7, user 2: -7"))
            #expect(
                try await migrator.missingParts()
                    .contains("column credits.credits is integer, not bigint"))
            #expect(try await ledger.count("SELECT count(*) FROM credits") == 2)
        }
    }

    @Test(
        "a balance that somebody else writes becomes an entry",
        arguments: [
            ("UPDATE credits SET credits = 30 WHERE user_id = 1", [20], 30),
            ("UPDATE credits SET credits = 0 WHERE user_id = 1", [-10], 0),
            (
                """
                INSERT INTO credits (user_id, credits) VALUES (1, 12)
                ON CONFLICT (user_id) DO UPDATE SET credits = excluded.credits
                """, [2], 12
            ),
            ("DELETE FROM credits WHERE user_id = 1", [-10], 0),
            (
                """
                DELETE FROM credits WHERE user_id = 1;
                INSERT INTO credits (user_id, credits) VALUES (1, 5)
                """, [-10, 5], 5
            ),
            ("UPDATE credits SET last_updated = last_updated WHERE user_id = 1", [], 10),
            ("UPDATE credits SET credits = 7, last_transaction_id = NULL", [-3], 7),
            (
                """
                CREATE TABLE copy AS TABLE credits; DELETE FROM credits;
                INSERT INTO credits SELECT * FROM copy
                """, [-10, 10], 10
            ),
        ] as [(String, [Int64], Int64)])
    func recordsExternalChanges(sql: String, amounts: [Int64], balance: Int64) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(10), on: user)

            try await ledger.execute(sql)

            let external = try await ledger.entries(of: user).dropFirst()
            #expect(external.map(\.amount) == amounts)
            #expect(external.allSatisfy { $0.kind == .external })
            #expect(try await ledger.service.account(of: user)?.credits == balance)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test(
        "whoever writes, a user's time never goes back",
        arguments: [
            "UPDATE credits SET last_updated = '2000-01-01'", "DELETE FROM credits",
            "UPDATE credits SET last_updated = 'infinity'",
            "UPDATE credits SET last_updated = '12000-01-01'",
        ])
    func keepsTimeMonotonic(sql: String) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let before = try await ledger.perform(add(10), on: user)

            try await ledger.execute(sql)

            let read = try #require(try await ledger.service.account(of: user))
            #expect(read.lastUpdated >= before.lastUpdated || sql.contains("infinity"))
            #expect(!read.lastUpdated.rfc3339.isEmpty)
            let after = try await ledger.perform(add(1), on: user)
            #expect(after.lastUpdated >= before.lastUpdated)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("tables in a later schema of the search path are found, and none is put in front of them")
    func findsTablesInTheirSchema() async throws {
        try await withBareDatabase { ledger, migrator in
            try await ledger.makeOriginalTables()
            try await ledger.execute("CREATE SCHEMA credits")

            try await migrator.apply()

            #expect(try await ledger.service.account(of: userID(1))?.credits == 2_000_000_000)
        }
    }

    @Test("users who were imported with their ids are no obstacle to new ones")
    func skipsImportedIDs() async throws {
        try await withLedger { ledger in
            try await ledger.execute(
                "INSERT INTO users (user_id, email, name) VALUES (1, 'a@x', 'A'), (2, 'b@x', 'B')")
            #expect(try await ledger.newUser() == userID(3))
        }
    }

    @Test(
        "the ledger cannot be rewritten, nor a balance leave its limits",
        arguments: [
            "UPDATE credit_transactions SET amount = 1", "DELETE FROM credit_transactions",
            "TRUNCATE credit_transactions", "TRUNCATE credits",
            "UPDATE credits SET user_id = user_id + 1", "TRUNCATE schema_changes",
            "UPDATE credits SET credits = -1, last_transaction_id = 0",
            "UPDATE credits SET credits = 9007199254740992, last_transaction_id = 0",
        ])
    func refusesRewriting(sql: String) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(10), on: user)

            await #expect(throws: DirectError.self) { try await ledger.execute(sql) }

            #expect(try await ledger.entries(of: user).map(\.amount) == [10])
        }
    }
}

private struct NotRefused: Error {
    let error: PostgresError?
}

extension LedgerScene {
    /// The tables as the FastAPI service makes them, with two balances for three users.
    func makeOriginalTables() async throws {
        try await execute(
            """
            CREATE TABLE users (user_id SERIAL PRIMARY KEY, email VARCHAR(255) UNIQUE NOT NULL,
                name VARCHAR(100) NOT NULL);
            CREATE TABLE credits (
                user_id INTEGER PRIMARY KEY REFERENCES users ON DELETE CASCADE,
                credits INTEGER NOT NULL DEFAULT 0,
                last_updated TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
            INSERT INTO users (email, name) VALUES ('a@x', 'A'), ('b@x', 'B'), ('c@x', 'C');
            INSERT INTO credits VALUES (1, 2000000000, '2024-01-02 03:04:05.6');
            INSERT INTO credits VALUES (2, 0);
            """)
    }

    /// Runs SQL past the service, as somebody with psql would.
    func execute(_ sql: String) async throws {
        try await database.run(sql)
    }
}

func withBareDatabase(
    _ body: (LedgerScene, SchemaMigrator) async throws -> Void
) async throws {
    try await withTestDatabase { (database: TestDatabase) in
        try await withEventLoop { loop in
            let ledger = LedgerScene(database: database, loop: loop)
            try await body(ledger, SchemaMigrator(pool: ledger.pool))
        }
    }
}
