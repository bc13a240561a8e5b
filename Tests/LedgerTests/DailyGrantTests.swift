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
            #expect(first == .done(grant(today, eligible: 2, granted: 2)))
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
                try await ledger.grants().run(today)
                    == .done(grant(today, eligible: 1, granted: 1)))
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
                try await ledger.grants().run(today)
                    == .done(grant(today, eligible: 2, granted: 0, capped: 2)))
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

    @Test("missed days are pending from the first midnight after the installation, oldest first")
    func listsMissedDays() async throws {
        try await withLedger { ledger in
            let grants = ledger.grants()
            #expect(try await grants.pendingDays() == [])
            try await ledger.execute(
                "UPDATE credits_schema SET installed_at = installed_at - interval '3 days'")
            let today = try await grants.today()
            let days = (-2...0).map {
                CalendarDay(daysSinceUnixEpoch: today.daysSinceUnixEpoch + $0)
            }

            #expect(try await grants.pendingDays() == days)
            _ = try await grants.run(days[1])
            #expect(try await grants.pendingDays() == [days[0], days[2]])
        }
    }

    @Test("instances that race, and writes in between, neither double nor lose")
    func racesSafely() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            var users: [UserID] = []
            for _ in 0..<50 {
                let user = try await ledger.userOf(midnight: today)
                _ = try await ledger.perform(add(100), on: user)
                users.append(user)
            }

            let spenders = users
            async let writes: [Void] = concurrently(50) { index in
                for _ in 0..<10 { _ = try await ledger.perform(deduct(1), on: spenders[index]) }
            }
            let outcomes = try await concurrently(4) { _ in
                try await ledger.grants(chunkSize: 7).run(today)
            }
            _ = try await writes

            #expect(Set(outcomes) == [.done(grant(today, eligible: 50, granted: 50))])
            for user in users {
                #expect(try await ledger.service.account(of: user)?.credits == 95)
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a day that was left half done is pending, and goes on where it stopped")
    func resumes() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            for _ in 0..<5 { _ = try await ledger.userOf(midnight: today) }
            let store = GrantStore()
            let partial = try await ledger.pool.useInTransaction {
                connection throws(PostgresError) in
                try await store.runChunk(
                    of: today, amount: creditAmount(5), size: 2, on: connection)
            }
            #expect(partial.eligible == 2 && !partial.isDone)

            #expect(try await ledger.grants().pendingDays() == [today])
            // The amount of a day is fixed when the day begins.
            #expect(
                try await ledger.grants(amount: 9).run(today)
                    == .done(grant(today, eligible: 5, granted: 5)))
            #expect(try await ledger.grants().pendingDays() == [])
        }
    }
}

extension LedgerScene {
    fileprivate func grants(amount: Int64 = 5, chunkSize: Int = 2_000) -> DailyGrants {
        var settings = DailyGrants.Settings(amount: creditAmount(amount))
        settings.chunkSize = chunkSize
        return DailyGrants(pool: pool, settings: settings, logger: quietLogger)
    }

    /// A user who came into being shortly before a day's midnight.
    fileprivate func userOf(
        midnight day: CalendarDay, microsecondsBefore: Int64 = 1_000
    ) async throws -> UserID {
        let user = try await newUser()
        let moment = Timestamp(
            microsecondsSinceUnixEpoch: day.start.microsecondsSinceUnixEpoch - microsecondsBefore)
        _ = try await pool.run(
            "UPDATE users SET created_at = \(moment.postgres) WHERE user_id = \(user.rawValue)")
        return user
    }
}

private func grant(
    _ day: CalendarDay, eligible: Int64, granted: Int64, capped: Int64 = 0
) -> DailyGrant {
    DailyGrant(
        day: day, amount: 5, isDone: true, eligible: eligible, granted: granted, capped: capped)
}
