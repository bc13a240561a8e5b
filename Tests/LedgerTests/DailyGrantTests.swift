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

            #expect(
                Set(outcomes.map(\.summary)) == [.init(amount: 5, eligible: 50, granted: 50)])
            try await ledger.expectComplete(today, eligible: 50)
            for user in users {
                #expect(try await ledger.service.account(of: user)?.credits == 95)
            }
            #expect(try await ledger.discrepancies() == [])
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

    @Test("deducts, resets and deletions of the same users go on beside it")
    func goesOnBesideTraffic() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            var users: [UserID] = []
            for _ in 0..<40 { users.append(try await ledger.userOf(midnight: today)) }
            for user in users { _ = try await ledger.perform(add(10), on: user) }
            let all = users

            async let traffic: [Void] = concurrently(40) { index in
                _ = try await ledger.perform(deduct(3), on: all[index])
                _ = try await ledger.perform(.reset, on: all[index])
                if index % 10 == 9 { _ = try await ledger.service.deleteUser(all[index]) }
            }
            _ = try await concurrently(2) { _ in
                try await ledger.grants(chunkSize: 3).run(today)
            }
            _ = try await traffic

            let found = try await ledger.grants().coverage(of: today, usersAbove: 0, limit: 100)
            let coverage = try #require(found?.coverage)
            #expect(coverage.missing == [] && (36...40).contains(coverage.granted))
            for user in users where try await ledger.service.user(user) != nil {
                let kinds = try await ledger.entries(of: user).map(\.kind)
                #expect(kinds.count { $0 == .dailyGrant } == 1)
            }
            try await ledger.expectSound()
        }
    }
}

private struct Summary: Hashable {
    let amount: Int64
    let eligible: Int64
    let granted: Int64
    var capped: Int64 = 0
}

extension GrantOutcome {
    /// nil unless it is done.
    fileprivate var summary: Summary? {
        guard case .done(let grant) = self, grant.isDone else { return nil }
        return Summary(
            amount: grant.amount, eligible: grant.eligible, granted: grant.granted,
            capped: grant.capped)
    }
}
