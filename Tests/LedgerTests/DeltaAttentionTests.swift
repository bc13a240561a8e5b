import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Rounds that ask for nobody but those whose balances they change.
@Suite("Attention of writes by difference")
struct DeltaAttentionTests {
    @Test func `is paid for as many rounds after somebody was met`() {
        var attention = DeltaAttention(rounds: 3)
        for _ in 1...2 {
            #expect(attention.isPaid)
            attention.note(hasMet: false)
        }
        attention.note(hasMet: true)
        for _ in 1...3 {
            #expect(attention.isPaid)
            attention.note(hasMet: false)
        }
        #expect(!attention.isPaid)
        attention.note(hasMet: false)
        #expect(!attention.isPaid)
        attention.note(hasMet: true)
        #expect(attention.isPaid)
    }

    @Test func `without it the new, the refused, the closed and the repeated go by the locks`()
        async throws
    {
        try await withLedger { ledger in
            let users = try await concurrently(5) { _ in try await ledger.newUser() }.sorted()
            for user in users.dropFirst() { _ = try await ledger.perform(add(10), on: user) }
            let key = IdempotencyKey("k")
            let keyed = Command(user: users[1], change: add(1), idempotencyKey: key)
            _ = try await ledger.service.perform(keyed)
            _ = try await ledger.service.deleteUser(users[3], by: Origin(actor: nil))
            let noted = Command(
                user: users[4], change: deduct(4), reason: Reason("tea"),
                metadata: Metadata(json: #"{"cups":2}"#), idempotencyKey: key,
                actor: ActorName("key:1"))
            let commands = [
                noted, keyed, Command(user: users[0], change: add(1)),
                Command(user: users[2], change: deduct(11)),
                Command(user: users[3], change: add(1)),
                Command(user: userID(4_711), change: add(1)),
            ]

            let writer = ledger.deltaWriter(attention: DeltaAttention(rounds: 0))
            let answers = try await writer.settled(commands.map { WriteRequest($0) }).map {
                try $0.get()?.only.receipt?.credits
            }

            #expect(answers == [6, nil, nil, nil, nil, nil])
            let entry = try #require(try await ledger.entries(of: users[4]).last)
            #expect(entry.amount == -4)
            #expect(entry.balanceAfter == 6)
            #expect(entry.reason == noted.reason)
            #expect(entry.metadata == noted.metadata)
            #expect(entry.idempotencyKey == key)
            #expect(
                try await ledger.count(
                    "SELECT count(*) FROM credit_transactions WHERE actor = 'key:1'") == 1)
            let others: [[Int64]] = [[], [10, 1], [10], [10]]
            for (user, amounts) in zip(users, others) {
                #expect(try await ledger.entries(of: user).map(\.amount) == amounts)
            }
            #expect(writer.trust.isGiven)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `who is met after many rounds without anybody is answered all the same`()
        async throws
    {
        try await withLedger { ledger in
            let (user, new) = (try await ledger.newUser(), try await ledger.newUser())
            let rounds = 3 * 32
            for _ in 1...rounds { _ = try await ledger.perform(add(1), on: user) }
            let refused = Outcome.insufficientCredits(available: Int64(rounds), requested: 1_000)
            for command in [
                Command(user: user, change: deduct(1_000)),
                Command(user: user, change: deduct(1_000)),
            ] {
                #expect(try await ledger.service.perform(command) == refused)
            }
            #expect(
                try await ledger.service.perform(Command(user: userID(4_711), change: add(1)))
                    == .userNotFound)
            #expect(try await ledger.perform(add(3), on: new).credits == 3)
            #expect(try await ledger.discrepancies() == [])
        }
    }
}
