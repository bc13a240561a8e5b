import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("The daily grant, and rows that somebody else keeps locked", .timeLimit(.minutes(2)))
struct GrantLockTests {
    /// What an open transaction in psql did, to the second of three users.
    private static let held: [(hasBalance: Bool, sql: String)] = [
        (true, "SELECT FROM credits WHERE user_id = 2 FOR UPDATE"),
        (true, "UPDATE credits SET last_updated = clock_timestamp() WHERE user_id = 2"),
        (false, "INSERT INTO credits (user_id) VALUES (2)"),
        (false, "SELECT FROM users WHERE user_id = 2 FOR UPDATE"),
    ]

    @Test(arguments: held.indices)
    func `a user whose row is kept locked holds up nobody else, and comes last`(
        row: Int
    ) async throws {
        try await withLedger { ledger in
            let day = try await ledger.grants().today()
            let users = try await ledger.threeUsers(of: day, hasBalance: Self.held[row].hasBalance)
            let holder = try DirectConnection(ledger.database.target)
            try holder.run("BEGIN")
            try holder.run(Self.held[row].sql)

            let first = Task { try await ledger.grants().run(day) }
            let areGranted = try await eventually {
                try await ledger.count("SELECT count(*) FROM credits WHERE credits = 5") == 2
            }
            #expect(areGranted)
            // While the grant waits for the second, nobody else's writes do.
            _ = try await ledger.perform(add(1), on: users[0])
            _ = try await ledger.perform(add(1), on: users[2])
            await #expect(throws: LedgerError.unavailable) { _ = try await first.value }
            #expect(try await ledger.grants().days(day...day).map(\.status) == [.running])

            try holder.run("COMMIT")
            #expect(try await ledger.grants().run(day).summary?.granted == 3)
            try await ledger.expectComplete(day, eligible: 3)
            try await ledger.expectSound()
        }
    }

    @Test func `a lock that ends while the last look waits for it ends the day`() async throws {
        try await withLedger { ledger in
            let day = try await ledger.grants().today()
            let users = try await ledger.threeUsers(of: day, hasBalance: true)
            let holder = try DirectConnection(ledger.database.target)
            try holder.run("BEGIN")
            try holder.run("UPDATE credits SET credits = 40 WHERE user_id = 2")
            async let outcome = ledger.grants().run(day)
            let isGranted = try await eventually {
                try await ledger.credits(of: users[2]) == 5
            }
            #expect(isGranted)
            try holder.run("COMMIT")

            #expect(try await outcome.summary?.granted == 3)
            #expect(try await ledger.credits(of: users[1]) == 45)
            try await ledger.expectSound()
        }
    }

    @Test func `a day that somebody's lock keeps open does not keep the others waiting`()
        async throws
    {
        try await withLedger { ledger in
            let today = try calendarDay("2026-11-25")
            try await ledger.pretendInstalled(daysBefore: today, 2)
            let users = try await ledger.threeUsers(of: today.adding(-1), hasBalance: true)
            let holder = try DirectConnection(ledger.database.target)
            try holder.run("BEGIN")
            try holder.run("SELECT FROM credits WHERE user_id = 2 FOR UPDATE")

            await #expect(throws: LedgerError.unavailable) {
                _ = try await ledger.grants(now: today.start).catchUp()
            }
            #expect(try await ledger.credits(of: users[0]) == 10)

            try holder.run("COMMIT")
            #expect(try await ledger.credits(of: users[1], caughtUpAt: today.start) == 10)
            try await ledger.expectComplete(today, eligible: 3)
            try await ledger.expectSound()
        }
    }

    @Test func `a user whose INSERT is still uncommitted is waited for`() async throws {
        try await withLedger { ledger in
            let day = try await ledger.grants().today()
            let user = try await ledger.userOf(midnight: day)
            let holder = try DirectConnection(ledger.database.target)
            try holder.run("BEGIN")
            try holder.run(
                """
                INSERT INTO users (email, name, created_at)
                VALUES ('late@example.com', 'Late', '\(day)'::timestamptz - interval '1 ms')
                """)
            async let outcome = ledger.grants().run(day)
            let isGranted = try await eventually { try await ledger.credits(of: user) == 5 }
            #expect(isGranted)
            try holder.run("COMMIT")

            #expect(try await outcome.summary?.granted == 2)
            try await ledger.expectComplete(day, eligible: 2)
            try await ledger.expectSound()
        }
    }
}

extension LedgerScene {
    /// In a new database: their ids are 1, 2 and 3.
    fileprivate func threeUsers(of day: CalendarDay, hasBalance: Bool) async throws -> [UserID] {
        var users: [UserID] = []
        for _ in 0..<3 { users.append(try await userOf(midnight: day)) }
        if hasBalance {
            try await execute("INSERT INTO credits (user_id) SELECT user_id FROM users")
        }
        return users
    }
}
