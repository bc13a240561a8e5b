import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("The daily grant, beside other work")
struct GrantTrafficTests {
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

    @Test("a user who has the day's entry already is spared, and the rest of the chunk is granted")
    func sparesWhoHasIt() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            var users: [UserID] = []
            for _ in 0..<4 { users.append(try await ledger.userOf(midnight: today)) }
            for user in users { _ = try await ledger.perform(add(10), on: user) }
            try await ledger.execute(
                """
                WITH entry AS (
                    INSERT INTO credit_transactions
                        (user_id, kind, amount, balance_after, grant_day)
                    VALUES (\(users[1].rawValue), 'daily_grant', 5, 15, '\(today)')
                    RETURNING user_id, transaction_id, created_at
                ) UPDATE credits SET credits = 15, last_updated = entry.created_at,
                    last_transaction_id = entry.transaction_id
                FROM entry WHERE credits.user_id = entry.user_id
                """)

            #expect(try await ledger.grants().run(today).summary?.granted == 3)
            for user in users { #expect(try await ledger.credits(of: user) == 15) }
            try await ledger.expectSound()
        }
    }

    @Test("one user without room does not keep a chunk from the others, nor the ledger from it")
    func mixesCappedAndOthers() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            var users: [UserID] = []
            for _ in 0..<6 { users.append(try await ledger.userOf(midnight: today)) }
            for user in users[..<4] { _ = try await ledger.perform(add(10), on: user) }
            try await ledger.execute(
                """
                UPDATE credits SET credits = \(BalanceLimits.range.upperBound - 2)
                WHERE user_id = \(users[2].rawValue)
                """)

            // The third chunk's users have no row in `credits`.
            #expect(
                try await ledger.grants(chunkSize: 2).run(today).summary
                    == .init(amount: 5, eligible: 6, granted: 5, capped: 1))
            try await ledger.expectComplete(today, eligible: 6)
            try await ledger.expectSound()
        }
    }

    @Test("a balance that moves while its chunk waits for it is added to as it is then")
    func addsToTheLatest() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            let user = try await ledger.userOf(midnight: today)
            _ = try await ledger.perform(add(100), on: user)
            let holder = try DirectConnection(ledger.database.target)
            try holder.run("BEGIN")
            try holder.run(
                "UPDATE credits SET credits = 40 WHERE user_id = \(user.rawValue)")
            async let outcome = ledger.grants().run(today)
            let waits = try await eventually {
                try await ledger.database.run(
                    """
                    SELECT count(*) > 0 FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event_type = 'Lock'
                    """) == [["t"]]
            }
            #expect(waits)
            try holder.run("COMMIT")

            #expect(try await outcome.summary == .init(amount: 5, eligible: 1, granted: 1))
            #expect(try await ledger.credits(of: user) == 45)
            try await ledger.expectSound()
        }
    }
}
