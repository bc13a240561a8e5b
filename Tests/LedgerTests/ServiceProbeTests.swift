import Logging
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// The list of statements that a schema change tries out is written by hand: this holds it against
/// what the service has PostgreSQL prepare when it does all that it can.
struct `The statements that a schema change tries out` {
    @Test func `are those of the service`() async throws {
        try await withLedger(connections: 1) { ledger in
            // A statement is prepared when it comes a second time on a connection.
            try await ledger.makeOldUsers(3)
            for number in 1...3 {
                try await ledger.doEverything()
                try await ledger.grant(try calendarDay("2024-01-0\(number)"))
            }
            let used = try await ledger.pool.withConnection { try await $0.preparedStatements() }
            let witness = LedgerScene(database: ledger.database, loop: ledger.loop)
            let tried = try await witness.triedOut()

            #expect(used.count >= 30)
            #expect(used.subtracting(tried).filter { !Self.isOfCalendar($0) }.sorted() == [])
        }
    }

    /// What is due, and what a grant did: questions about the rows of all days, of tables that are
    /// held by their columns, keys and triggers. The rest reads the catalogue, or settings.
    private static func isOfCalendar(_ statement: String) -> Bool {
        [
            "grant_schedules", "SELECT schedule, day FROM daily_grants", "p.day", "reltuples",
            "FROM credits_schema", "SELECT now()", "enable_seqscan",
        ].contains { statement.contains($0) }
    }
}

extension LedgerScene {
    fileprivate func doEverything() async throws {
        let (user, other) = (try await newUser(), try await newUser())
        let added = try await perform(add(50), on: user)
        let id = try #require(added.transactionID)
        for (number, change) in [deduct(1), transfer(2, to: other), .reversal(of: id)].enumerated()
        {
            _ = try await service.perform(
                Command(user: user, change: change, idempotencyKey: key("key-\(number)")))
        }
        _ = try await perform(.reset, on: other)
        for user in [user, userID(.max)] { _ = try await service.account(of: user) }
        var filter = HistoryFilter()
        _ = try await service.history(of: user, filter, below: nil, limit: 2)
        filter.idempotencyKey = key("a")
        _ = try await service.history(of: user, filter, below: nil, limit: 2)
        filter = HistoryFilter()
        (filter.kinds, filter.from, filter.to) = ([.add], added.lastUpdated, added.lastUpdated)
        _ = try await service.history(of: user, filter, below: nil, limit: 2)
        _ = try await service.balance(of: user, at: added.lastUpdated)
        _ = try await service.users(after: nil, limit: 2)
        _ = try await service.user(user)
        _ = try await service.deleteUser(other)
        try await manageKeys()
        _ = try await service.schemaChanges(below: nil, limit: 2)
        _ = try await service.tables()
    }

    fileprivate func grant(_ day: CalendarDay) async throws {
        _ = try await grants().run(day)
        _ = try await grants().run(day)
        _ = try await grants().catchUp()
        _ = try await grants().days(day...day)
        _ = try await grants().coverage(of: day, usersAbove: 0, limit: 2)
    }

    private func manageKeys() async throws {
        let new = try #require(NewAPIKey(name: "Test", scopes: [.readCredits]))
        let made = try await service.keys.create(new, by: .commandLine)
        let (key, secret) = try #require(made)
        _ = try await service.keys.askWhetherConfigured()
        #expect(try await service.keys.find(secret.hash) != nil)
        _ = try await service.keys.keys(below: nil, limit: 2)
        _ = try await service.keys.revoke(key.id, by: .commandLine)
        _ = try await service.auditEntries(below: nil, limit: 2)
    }

    /// What the probe has prepared, on a connection of its own.
    fileprivate func triedOut() async throws -> Set<String> {
        try await pool.withTransaction { connection in
            let tables = try ServiceTables(try await connection.run(ServiceTables.statement))
            for _ in 0..<3 {
                let findings = try await ServiceProbe(pool: pool)
                    .findings(in: tables, on: connection)
                #expect(findings == [])
            }
            return try await connection.preparedStatements()
        }
    }
}

extension Connection {
    fileprivate func preparedStatements() async throws -> Set<String> {
        Set(
            try await run("SELECT statement FROM pg_prepared_statements")
                .decodeEach { row throws(PostgresError) in try row.decode(String.self) })
    }
}
