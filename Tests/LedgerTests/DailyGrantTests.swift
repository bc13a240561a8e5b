import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("The daily grant")
struct DailyGrantTests {
    @Test("every user of that midnight gets it once, with or without a credits row")
    func grantsOnce() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            let rich = try await ledger.userOf(midnight: today)
            _ = try await ledger.perform(add(100), on: rich)
            let new = try await ledger.userOf(midnight: today)

            let first = try await ledger.grants().run(today)
            let second = try await ledger.grants(amount: 50).run(today)

            #expect(first == second)
            #expect(first.summary == .init(amount: 5, eligible: 2, granted: 2))
            #expect(try await ledger.service.account(of: rich)?.credits == 105)
            #expect(try await ledger.service.account(of: new)?.credits == 5)
            #expect(try await ledger.entries(of: new).map(\.kind) == [.dailyGrant])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("who was created at midnight or later waits for the next one")
    func sparesLaterUsers() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            let before = try await ledger.userOf(midnight: today, microsecondsBefore: 1)
            let at = try await ledger.userOf(midnight: today, microsecondsBefore: 0)

            #expect(
                try await ledger.grants().run(today).summary
                    == .init(amount: 5, eligible: 1, granted: 1))
            #expect(try await ledger.service.account(of: before)?.credits == 5)
            #expect(try await ledger.service.account(of: at)?.credits == 0)
        }
    }

    @Test("a user near the upper limit gets what still fits, and is counted as capped")
    func capsAtLimit() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            for room: Int64 in [0, 3] {
                let user = try await ledger.userOf(midnight: today)
                try await ledger.execute(
                    """
                    INSERT INTO credits (user_id, credits)
                    VALUES (\(user.rawValue), \(BalanceLimits.range.upperBound - room))
                    """)
            }

            #expect(
                try await ledger.grants().run(today).summary
                    == .init(amount: 5, eligible: 2, granted: 0, capped: 2))
            #expect(try await ledger.discrepancies() == [])
            #expect(
                try await ledger.count(
                    "SELECT count(*) FROM credits WHERE credits = \(BalanceLimits.range.upperBound)"
                )
                    == 2)
        }
    }

    @Test("a day whose midnight is to come is not granted")
    func refusesFuture() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            #expect(try await ledger.grants().run(today.next) == .notYet(today: today))
            #expect(try await ledger.count("SELECT count(*) FROM daily_grants") == 0)
        }
    }

    @Test("a day that was left half done goes on where it stopped, with the amount it began with")
    func resumes() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            for _ in 0..<5 { _ = try await ledger.userOf(midnight: today) }
            let half = Task {
                try await ledger.grants(chunkSize: 2).run(today) { _ in
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            await #expect(throws: LedgerError.self) { try await half.value }
            let left = try #require(try await ledger.grants().days(today...today).first)
            #expect(left.status == .running && left.eligible == 2)

            #expect(
                try await ledger.grants(amount: 9).run(today).summary
                    == .init(amount: 5, eligible: 5, granted: 5))
            try await ledger.expectComplete(today, eligible: 5)
            try await ledger.expectSound()
        }
    }

    @Test("a user whose INSERT was committed behind the grant's back is reached all the same")
    func reachesLateCommits() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            let late = try await ledger.userOf(midnight: today)
            _ = try await ledger.userOf(midnight: today)
            // As if the first row had been invisible when the users were divided.
            try await ledger.execute(
                """
                INSERT INTO daily_grants (day, amount, last_user_id)
                VALUES ('\(today)', 5, \(late.rawValue))
                """)

            #expect(
                try await ledger.grants().run(today).summary
                    == .init(amount: 5, eligible: 2, granted: 2))

            // Committed only when the day was done: found by the coverage, and by another run.
            let last = try await ledger.userOf(midnight: today)
            let found = try await ledger.grants().coverage(of: today, usersAbove: 0, limit: 100)
            #expect(found?.coverage.missing == [last.rawValue])
            #expect(
                try await ledger.grants(amount: 7).run(today).summary
                    == .init(amount: 5, eligible: 3, granted: 3))
            try await ledger.expectComplete(today, eligible: 3)
            try await ledger.expectSound()
        }
    }

    @Test("a user whose created_at is moved past the midnight stays in the day's coverage")
    func coversMovedUsers() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            let user = try await ledger.userOf(midnight: today)
            _ = try await ledger.userOf(midnight: today)
            let later = try await ledger.userOf(midnight: today, microsecondsBefore: 0)
            _ = try await ledger.grants().run(today)
            try await ledger.execute(
                """
                UPDATE users SET created_at = '\(today.next)' WHERE user_id = \(user.rawValue);
                UPDATE users SET created_at = '1970-01-01' WHERE user_id = \(later.rawValue)
                """)

            // Who is moved before it is missing, until it is run again.
            let found = try await ledger.grants().coverage(of: today, usersAbove: 0, limit: 100)
            #expect(found?.coverage.missing == [later.rawValue])
            #expect(try await ledger.grants().run(today).summary?.granted == 3)
            try await ledger.expectComplete(today, eligible: 3)
            try await ledger.expectSound()
        }
    }
}
