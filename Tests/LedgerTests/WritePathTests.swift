import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Every money path on a real PostgreSQL.
@Suite("Writes")
struct WritePathTests {
    @Test("add, deduct and reset move the balance, and each is one entry")
    func movesBalance() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()

            #expect(try await ledger.perform(add(100), on: user).credits == 100)
            #expect(try await ledger.perform(deduct(30), on: user).credits == 70)
            #expect(try await ledger.perform(.reset, on: user).credits == 0)

            #expect(try await ledger.entries(of: user).map(\.amount) == [100, -30, -70])
            #expect(try await ledger.entries(of: user).map(\.balanceAfter) == [100, 70, 0])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a user without a credits row counts as 0, and the first write makes the row")
    func startsAtZero() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let before = try await ledger.service.account(of: user)
            #expect(before?.credits == 0)

            let outcome = try await ledger.service.perform(Command(user: user, change: deduct(1)))
            #expect(outcome == .insufficientCredits(available: 0, requested: 1))
            #expect(try await ledger.count("SELECT count(*) FROM credits") == 0)

            let receipt = try await ledger.perform(add(1), on: user)
            let after = try await ledger.service.account(of: user)
            #expect(after == Account(user: user, credits: 1, lastUpdated: receipt.lastUpdated))
        }
    }

    @Test("prepared statements that vanish, as behind a pooler, fail no write and no read")
    func doesWithoutNames() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            for _ in 1...3 { _ = try await ledger.perform(add(1), on: user) }
            for _ in 1...3 { _ = try await ledger.service.account(of: user) }
            try await ledger.forgetPreparedStatements()
            #expect(try await ledger.perform(add(1), on: user).credits == 4)
            #expect(try await ledger.service.account(of: user)?.credits == 4)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a user who does not exist is told so")
    func refusesUnknownUser() async throws {
        try await withLedger { ledger in
            let nobody = userID(4_711)
            #expect(try await ledger.service.account(of: nobody) == nil)
            let outcome = try await ledger.service.perform(Command(user: nobody, change: add(1)))
            #expect(outcome == .userNotFound)
        }
    }

    @Test("reason, metadata and key are kept with the entry, in any alphabet")
    func keepsAnnotations() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let command = Command(
                user: user, change: add(5), reason: Reason("für „Ärger“ 🎉 {},\"\\"),
                metadata: Metadata(json: #"{"a":[1,null,"ü\u0000"]}"#),
                idempotencyKey: IdempotencyKey("k-1"))

            _ = try await ledger.service.perform(command)

            let entry = try #require(try await ledger.entries(of: user).first)
            #expect(entry.reason == command.reason)
            #expect(entry.metadata == command.metadata)
            #expect(entry.idempotencyKey == command.idempotencyKey)
        }
    }

    @Test("a key's request is answered again as it was first, from another instance too")
    func replays() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let command = Command(
                user: user, change: add(5), idempotencyKey: IdempotencyKey("once"))
            let first = try await ledger.service.perform(command)
            guard case .applied(let receipt) = first else {
                Issue.record("not applied: \(first)")
                return
            }
            _ = try await ledger.perform(add(1), on: user)

            #expect(try await ledger.service.perform(command) == .replayed(receipt))
            let other = ledger.anotherInstance()
            #expect(try await other.perform(command) == .replayed(receipt))
            let different = Command(
                user: user, change: add(6), idempotencyKey: IdempotencyKey("once"))
            #expect(try await other.perform(different) == .keyReused(differing: "amount"))
            #expect(try await ledger.service.account(of: user)?.credits == 6)
        }
    }

    @Test("one request sent fifty times at once under one key, to two instances, happens once")
    func happensOnce() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let services = [ledger.service, ledger.anotherInstance()]
            let command = Command(
                user: user, change: add(5), idempotencyKey: IdempotencyKey("once"))

            let outcomes = try await concurrently(50) { index in
                try await services[index % 2].perform(command)
            }

            let receipts = Set(outcomes.map(\.receipt))
            #expect(receipts.count == 1 && receipts.first??.credits == 5)
            #expect(outcomes.count { if case .applied = $0 { true } else { false } } == 1)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("5,000 deducts of 1 from 1,000 by 64 callers on two instances: exactly 1,000 succeed")
    func spendsExactly() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1_000), on: user)
            let services = [ledger.service, ledger.anotherInstance()]

            let successes = try await concurrently(64) { caller in
                var successes = 0
                for _ in 0..<(5_000 / 64 + (caller < 5_000 % 64 ? 1 : 0)) {
                    let outcome = try await services[caller % 2].perform(
                        Command(user: user, change: deduct(1)))
                    if case .applied = outcome { successes += 1 }
                }
                return successes
            }

            #expect(successes.reduce(0, +) == 1_000)
            #expect(try await ledger.service.account(of: user)?.credits == 0)
            #expect(try await ledger.entries(of: user).count == 1_001)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("two instances writing the same users in opposite order neither deadlock nor lose")
    func sharesUsers() async throws {
        try await withLedger { ledger in
            var users: [UserID] = []
            for _ in 0..<10 { users.append(try await ledger.newUser()) }
            let services = [ledger.service, ledger.anotherInstance()]
            let orders = [users, users.reversed()]

            _ = try await concurrently(40) { caller in
                for user in orders[caller % 2] {
                    _ = try await services[caller % 2].perform(Command(user: user, change: add(1)))
                }
            }

            for user in users {
                #expect(try await ledger.service.account(of: user)?.credits == 40)
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a read that starts after a write was acknowledged sees it, on any instance")
    func readsOwnWrites() async throws {
        try await withLedger { ledger in
            let other = ledger.anotherInstance()
            _ = try await concurrently(8) { _ in
                let user = try await ledger.newUser()
                for round in 1...20 {
                    _ = try await ledger.perform(add(1), on: user)
                    #expect(try await other.account(of: user)?.credits == Int64(round))
                }
            }
        }
    }
}
