import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("Verification")
struct VerifyTests {
    @Test(
        "a ledger with everything in it adds up, whatever the chunks", arguments: [1, 2, 3, 1000])
    func acceptsAll(chunk: Int) async throws {
        try await withLedger { ledger in
            let users = [
                try await ledger.newUser(), try await ledger.newUser(), try await ledger.newUser(),
                try await ledger.newUser(), try await ledger.newUser(),
            ]
            for change in [add(10), deduct(3), .reset, add(4)] {
                for user in users.dropLast() { _ = try await ledger.perform(change, on: user) }
            }
            try await ledger.execute(
                """
                UPDATE credits SET credits = 100 WHERE user_id = 1;
                DELETE FROM credits WHERE user_id = 2;
                DELETE FROM users WHERE user_id = 3;
                DELETE FROM credits WHERE user_id = 4; INSERT INTO credits (user_id) VALUES (4)
                """)
            #expect(try await ledger.service.deleteUser(users[0]))
            #expect(try await ledger.service.deleteUser(users[4]))

            let (found, progress) = try await ledger.verify(chunk: chunk)

            #expect(found == [])
            #expect(progress.entries == 20)
            #expect(progress.users == 3)
        }
    }

    @Test("an empty ledger adds up")
    func acceptsNothing() async throws {
        try await withLedger { ledger in
            let (found, progress) = try await ledger.verify(chunk: 1)
            #expect(found == [] && progress.entries == 0 && progress.users == 0)
        }
    }

    struct Tampering: Sendable, CustomTestStringConvertible {
        let sql: String
        let finding: Discrepancy.Finding
        var testDescription: String { "\(finding)" }
    }

    /// User 2 has the entries 4, 5, 6 (+10, -3, +5) and a balance of 12; users 1 and 3 the same
    /// before and after.
    static let tamperings = [
        Tampering(
            sql: insert("(2, 50, 'add', 5, 99)"),
            finding: .entryDoesNotFollow(transactionID: 50, before: 12, amount: 5, after: 99)),
        Tampering(
            sql: unguarded("DELETE FROM credit_transactions WHERE transaction_id = 5"),
            finding: .entryDoesNotFollow(transactionID: 6, before: 10, amount: 5, after: 12)),
        Tampering(
            sql: unguarded("DELETE FROM credit_transactions WHERE transaction_id = 4"),
            finding: .entryDoesNotFollow(transactionID: 5, before: 0, amount: -3, after: 7)),
        Tampering(
            sql: unguarded("DELETE FROM credit_transactions WHERE transaction_id = 6"),
            finding: .balanceDiffers(balance: 12, lastEntry: 5, after: 7)),
        Tampering(
            sql: unguarded("DELETE FROM credit_transactions WHERE user_id = 2"),
            finding: .balanceDiffers(balance: 12, lastEntry: nil, after: 0)),
        Tampering(
            sql: unguarded("UPDATE credit_transactions SET amount = 11 WHERE transaction_id = 4"),
            finding: .entryDoesNotFollow(transactionID: 4, before: 0, amount: 11, after: 10)),
        Tampering(
            sql: unguarded(
                "UPDATE credit_transactions SET amount = -9223372036854775808 WHERE user_id = 2"),
            finding: .entryDoesNotFollow(
                transactionID: 4, before: 0, amount: .min, after: 10)),
        Tampering(
            sql: "UPDATE credits SET credits = 50, last_transaction_id = 999 WHERE user_id = 2",
            finding: .balanceDiffers(balance: 50, lastEntry: 6, after: 12)),
        Tampering(
            sql: "UPDATE credits SET last_transaction_id = 5 WHERE user_id = 2",
            finding: .wrongLastEntry(named: 5, lastEntry: 6)),
        Tampering(
            sql: "UPDATE credits SET last_transaction_id = NULL WHERE user_id = 2",
            finding: .wrongLastEntry(named: nil, lastEntry: 6)),
        Tampering(
            sql: """
                ALTER TABLE credits DROP CONSTRAINT credits_within_limits;
                UPDATE credits SET credits = -1, last_transaction_id = 999 WHERE user_id = 2
                """, finding: .balanceOutOfBounds(balance: -1)),
        Tampering(
            sql: """
                ALTER TABLE credit_transactions
                    DROP CONSTRAINT credit_transactions_balance_within_limits;
                \(insert("(2, 50, 'deduct', -17, -5)"))
                """, finding: .entryOutOfBounds(transactionID: 50, after: -5)),
        Tampering(
            sql: unguarded(
                """
                UPDATE credit_transactions SET created_at = '2000-01-01' WHERE transaction_id = 6
                """), finding: .timeGoesBack(transactionID: 6)),
        Tampering(
            sql: """
                ALTER TABLE credits DISABLE TRIGGER USER;
                DELETE FROM credits WHERE user_id = 2
                """, finding: .balanceMissing(lastEntry: 6, after: 12)),
    ]

    @Test(
        "whoever fails is named, with what was seen, and nobody else", arguments: tamperings,
        [2, 1000])
    func findsTampering(tampering: Tampering, chunk: Int) async throws {
        try await withLedger { ledger in
            for _ in 1...3 {
                let user = try await ledger.newUser()
                // A batch draws as many ids as it needs, one after the other.
                _ = try await ledger.service.perform(
                    WriteRequest(
                        [add(10), deduct(3), add(5)].map {
                            Command(user: user, change: $0)
                        }))
            }
            let ids = try await ledger.entries(of: userID(2)).map(\.transactionID)
            try #require(ids == [4, 5, 6])
            try await ledger.execute(tampering.sql)

            let (found, _) = try await ledger.verify(chunk: chunk)

            #expect(found == [Discrepancy(user: 2, finding: tampering.finding)])
            #expect(found.first?.description.hasPrefix("user 2: ") == true)
        }
    }

    @Test("writes that go on meanwhile are never taken for faults")
    func standsTraffic() async throws {
        try await withLedger { ledger in
            var users: [UserID] = []
            for _ in 1...12 { users.append(try await ledger.newUser()) }
            try await withThrowingTaskGroup { group in
                for user in users {
                    group.addTask { [service = ledger.service] in
                        for _ in 1...40 {
                            _ = try await service.perform(Command(user: user, change: add(1)))
                        }
                    }
                }
                for _ in 1...10 {
                    let (found, _) = try await ledger.verify(chunk: 20)
                    #expect(found == [])
                }
                try await group.waitForAll()
            }
            #expect(try await ledger.verify(chunk: 20).progress.entries == 480)
        }
    }

    @Test("a verification holds nobody up: it runs while rows are locked")
    func waitsForNobody() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: user)
            try await ledger.pool.useInTransaction { connection throws(PostgresError) in
                _ = try await connection.run("SELECT FROM credits FOR UPDATE")
                _ = try await connection.run("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE")
                do {
                    let (found, _) = try await ledger.verify(chunk: 1)
                    #expect(found == [])
                } catch {
                    Issue.record(error)
                }
            }
        }
    }

    private static func insert(_ values: String) -> String {
        """
        INSERT INTO credit_transactions (user_id, transaction_id, kind, amount, balance_after)
        VALUES \(values)
        """
    }

    /// What only the tables' owner can do, who takes the guard away.
    private static func unguarded(_ sql: String) -> String {
        "ALTER TABLE credit_transactions DISABLE TRIGGER USER; \(sql)"
    }
}

extension LedgerScene {
    func verify(
        chunk: Int
    ) async throws -> (found: [Discrepancy], progress: LedgerVerifier.Progress) {
        var settings = LedgerVerifier.Settings()
        settings.chunkSize = chunk
        let verifier = LedgerVerifier(pool: pool, settings: settings, logger: quietLogger)
        var found: [Discrepancy] = []
        let progress = try await verifier.run { _, discrepancies in found += discrepancies }
        return (found, progress)
    }
}
