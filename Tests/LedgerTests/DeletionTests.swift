import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("Deleted users")
struct DeletionTests {
    @Test("name and e-mail are gone, and every number is as it was")
    func erasesAndKeeps() async throws {
        try await withLedger { ledger in
            let new = try #require(NewUser(email: "ada@example.com", name: "Ada Lovelace"))
            let user = try #require(try await ledger.service.createUser(new)).id
            _ = try await ledger.perform(add(30), on: user)
            let last = try await ledger.perform(deduct(10), on: user)
            let entries = try await ledger.entries(of: user)

            #expect(try await ledger.service.deleteUser(user))

            let rows = try await ledger.database.run("SELECT * FROM users")
            #expect(!"\(rows)".contains("ada@") && !"\(rows)".contains("Lovelace"))
            #expect(try await ledger.entries(of: user) == entries)
            let kept = try await ledger.pool.run(
                "SELECT credits, last_updated FROM credits WHERE closed_at IS NOT NULL")
            let (credits, updated) = try kept.only.decode(Int64.self, Timestamp.self)
            #expect(credits == 20 && updated == last.lastUpdated)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a deleted user is nobody to every call", arguments: [true, false])
    func isNobody(hasBalance: Bool) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let other = try await ledger.newUser()
            let command = Command(
                user: user, change: add(5), idempotencyKey: IdempotencyKey("key"))
            if hasBalance { _ = try await ledger.service.perform(command) }

            #expect(try await ledger.service.deleteUser(user))

            let service = ledger.service
            #expect(try await service.account(of: user) == nil)
            #expect(try await service.user(user) == nil)
            #expect(try await service.users(after: nil, limit: 10).map(\.id) == [other])
            #expect(try await service.history(of: user, .init(), below: nil, limit: 1) == nil)
            let past = try await service.balance(of: user, at: .earliest)
            #expect(past == nil)
            for change in [add(1), deduct(1), .reset] {
                let outcome = try await service.perform(Command(user: user, change: change))
                #expect(outcome == .userNotFound)
            }
            // Not even what he did once is told again.
            #expect(try await service.perform(command) == .userNotFound)
            #expect(try await service.deleteUser(user) == false)
            #expect(try await service.deleteUser(userID(4_711)) == false)
            #expect(try await ledger.entries(of: user).count == (hasBalance ? 1 : 0))
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("the e-mail is free for somebody new, again and again")
    func freesEmail() async throws {
        try await withLedger { ledger in
            let new = try #require(NewUser(email: "ada@example.com", name: "Ada"))
            for _ in 1...3 {
                let user = try #require(try await ledger.service.createUser(new))
                #expect(try await ledger.service.deleteUser(user.id))
            }
            #expect(try await ledger.count("SELECT count(DISTINCT email) FROM users") == 3)
        }
    }

    @Test("who is made undeleted by hand stays without a balance, and holds nobody up")
    func staysClosed() async throws {
        try await withLedger { ledger in
            let (user, other) = (try await ledger.newUser(), try await ledger.newUser())
            #expect(try await ledger.service.deleteUser(user))
            try await ledger.execute("UPDATE users SET deleted_at = NULL")
            for change in [add(1), .reset, transfer(1, to: other)] {
                let command = Command(user: user, change: change)
                #expect(try await ledger.service.perform(command) == .userNotFound)
            }
            #expect(try await ledger.service.account(of: user) == nil)
            #expect(try await ledger.perform(.reset, on: other).credits == 0)
        }
    }

    @Test("a grant passes by a deleted user, and an open day too")
    func isNotGranted() async throws {
        try await withLedger { ledger in
            let users = [try await ledger.newUser(), try await ledger.newUser()]
            let third = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: users[0])
            try await ledger.execute("UPDATE users SET created_at = '2020-01-01'")
            for user in users { #expect(try await ledger.service.deleteUser(user)) }
            let grants = DailyGrants(
                pool: ledger.pool, settings: .init(amount: creditAmount(5)), logger: quietLogger)
            let day = try #require(CalendarDay("2020-01-02"))

            guard case .done(let grant) = try await grants.run(day) else { throw NotDone() }

            #expect(grant.eligible == 1 && grant.granted == 1)
            #expect(try await ledger.service.account(of: third)?.credits == 5)
            #expect(try await ledger.entries(of: users[0]).map(\.kind) == [.add])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a chunk of a grant that had the user in it leaves the closed balance alone")
    func isPassedByInFlight() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: user)
            try await ledger.execute("UPDATE users SET created_at = '2020-01-01'")
            // Deleted as far as balances go, and not yet as far as users do: what a chunk sees that
            // chose its users before the deletion was committed.
            try await ledger.execute("UPDATE credits SET closed_at = now()")
            let grants = DailyGrants(
                pool: ledger.pool, settings: .init(amount: creditAmount(5)), logger: quietLogger)
            _ = try await grants.run(try #require(CalendarDay("2020-01-02")))
            #expect(try await ledger.entries(of: user).map(\.kind) == [.add])
        }
    }

    @Test("writes that race with the deletion happen before it or not at all", arguments: 1...4)
    func racesWithWrites(round: Int) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            // Odd rounds: the very first writes race, which find no balance to lock.
            if round.isMultiple(of: 2) { _ = try await ledger.perform(add(1), on: user) }
            let instances = [ledger.service, ledger.anotherInstance()]

            let outcomes = try await concurrently(24) { index in
                if index == 7 {
                    #expect(try await instances[0].deleteUser(user))
                    return Outcome.userNotFound
                }
                return try await instances[index % 2].perform(Command(user: user, change: add(1)))
            }

            let applied = outcomes.count { if case .applied = $0 { true } else { false } }
            let earlier = round.isMultiple(of: 2) ? 1 : 0
            #expect(try await ledger.entries(of: user).count == applied + earlier)
            #expect(outcomes.allSatisfy { $0 == .userNotFound } || applied > 0)
            let open = try await ledger.count(
                "SELECT count(*) FROM credits WHERE closed_at IS NULL")
            #expect(open == 0)
            #expect(try await ledger.discrepancies() == [])
            let late = try await instances[1].perform(Command(user: user, change: add(1)))
            #expect(late == .userNotFound)
        }
    }

    @Test("a first write that is in flight is waited for, and its balance closed")
    func waitsForFirstWrite() async throws {
        var settings = LedgerSettings.patient
        settings.lockWait = patience
        try await withLedger(settings) { ledger in
            let user = try await ledger.newUser()
            let deletion = try await ledger.pool.useInTransaction {
                connection throws(PostgresError) in
                // As a lane makes the row, before its commit.
                _ = try await connection.run("INSERT INTO credits (user_id) VALUES (1)")
                let deletion = Task { try await ledger.service.deleteUser(user) }
                do {
                    #expect(try await eventually { try await ledger.isSomebodyWaiting() })
                } catch {
                    Issue.record(error)
                }
                return deletion
            }
            #expect(try await deletion.value)
            let open = try await ledger.count(
                "SELECT count(*) FROM credits WHERE closed_at IS NULL")
            #expect(open == 0)
        }
    }

    private struct NotDone: Error {}
}

extension LedgerScene {
    /// Whether a session waits for another one's lock.
    func isSomebodyWaiting() async throws -> Bool {
        let waiting = try await database.administer(
            """
            SELECT FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """)
        return !waiting.isEmpty
    }
}
