import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Damage that leaves every user's entries adding up, and is seen only between entries.
@Suite("Verification of entries that name others")
struct VerifyRelatedTests {
    struct Tampering: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let sql: String
        let findings: [Discrepancy]
    }

    /// Users 1, 2 and 3 have 100 by entries 1, 2 and 3. 1 sent 10 to 2 (entries 5 and 6); 3 lost 30
    /// by entry 4, which entry 7 reversed.
    static let tamperings = [
        Tampering(
            testDescription: "the received side of a transfer is gone",
            sql: "DELETE FROM credit_transactions WHERE transaction_id = 6; \(balance(2, 100, 2))",
            findings: [
                missing(user: 1, entry: 5, named: .init(user: 2, id: 6))
            ]),
        Tampering(
            testDescription: "the sent side is gone",
            sql: "DELETE FROM credit_transactions WHERE transaction_id = 5; \(balance(1, 100, 1))",
            findings: [missing(user: 2, entry: 6, named: .init(user: 1, id: 5))]),
        Tampering(
            testDescription: "less was received than sent",
            sql: "\(entry(6, "amount = 9, balance_after = 109")); \(balance(2, 109, 6))",
            findings: [
                differs(user: 1, entry: 5, named: .init(user: 2, id: 6)),
                differs(user: 2, entry: 6, named: .init(user: 1, id: 5)),
            ]),
        Tampering(
            testDescription: "the received side is an addition now",
            sql: entry(6, "kind = 'add', related_user_id = NULL, related_transaction_id = NULL"),
            findings: [differs(user: 1, entry: 5, named: .init(user: 2, id: 6))]),
        Tampering(
            testDescription: "the sent side names nobody",
            sql: entry(5, "related_user_id = NULL, related_transaction_id = NULL"),
            findings: [
                missing(user: 1, entry: 5, named: nil),
                differs(user: 2, entry: 6, named: .init(user: 1, id: 5)),
            ]),
        Tampering(
            testDescription: "a reversal undid another user's entry",
            sql: entry(7, "related_user_id = 1, related_transaction_id = 1"),
            findings: [differs(user: 3, entry: 7, named: .init(user: 1, id: 1))]),
        Tampering(
            testDescription: "a reversal undid more than was done",
            sql: "\(entry(7, "amount = 31, balance_after = 101")); \(balance(3, 101, 7))",
            findings: [differs(user: 3, entry: 7, named: .init(user: 3, id: 4))]),
        Tampering(
            testDescription: "an entry was undone twice",
            sql: """
                DROP INDEX credit_transactions_reversed_once;
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after, related_user_id, related_transaction_id)
                VALUES (3, 50, 'reversal', 30, 130, 3, 4);
                \(balance(3, 130, 50))
                """,
            findings: [
                Discrepancy(
                    user: 3,
                    finding: .undoneBefore(
                        transactionID: 50, named: .init(user: 3, id: 4), by: 7))
            ]),
    ]

    @Test(arguments: tamperings, [1, 1000])
    func `each side of what does not match is named`(tampering: Tampering, chunk: Int)
        async throws
    {
        try await withLedger { ledger in
            try await fill(ledger)
            #expect(try await ledger.verify(chunk: chunk).found == [])
            try await ledger.execute(
                """
                ALTER TABLE credits DISABLE TRIGGER USER;
                ALTER TABLE credit_transactions DISABLE TRIGGER USER;
                \(tampering.sql)
                """)

            let (found, _) = try await ledger.verify(chunk: chunk)

            #expect(found == tampering.findings)
        }
    }

    @Test func `transfers and reversals in two directions, and of deleted users, are in order`()
        async throws
    {
        try await withLedger { ledger in
            try await fill(ledger)
            let back = transfer(60, to: userID(1))
            _ = try await ledger.perform(back, on: userID(2))
            #expect(try await ledger.service.deleteUser(userID(1)))
            try await ledger.execute("DELETE FROM users WHERE user_id = 2")
            #expect(try await ledger.verify(chunk: 2).found == [])
        }
    }

    private func fill(_ ledger: LedgerScene) async throws {
        for _ in 1...3 { _ = try await ledger.newUser() }
        let writes = (1...3).map { Command(user: userID($0), change: add(100)) }
        let loss = Command(user: userID(3), change: deduct(30))
        // A batch draws as many ids as it needs, one after the other.
        _ = try await ledger.service.perform(WriteRequest(writes + [loss]))
        _ = try await ledger.perform(transfer(10, to: userID(2)), on: userID(1))
        _ = try await ledger.perform(.reversal(of: 4), on: userID(3))
        try #require(try await ledger.entries(of: userID(3)).map(\.transactionID) == [3, 4, 7])
    }

    private static func balance(_ user: Int64, _ credits: Int64, _ last: Int64) -> String {
        """
        UPDATE credits SET credits = \(credits), last_transaction_id = \(last)
        WHERE user_id = \(user)
        """
    }

    private static func entry(_ id: Int64, _ columns: String) -> String {
        "UPDATE credit_transactions SET \(columns) WHERE transaction_id = \(id)"
    }

    private static func missing(
        user: Int64, entry: Int64, named: Discrepancy.NamedEntry?
    ) -> Discrepancy {
        Discrepancy(user: user, finding: .namedEntryMissing(transactionID: entry, named: named))
    }

    private static func differs(
        user: Int64, entry: Int64, named: Discrepancy.NamedEntry
    ) -> Discrepancy {
        Discrepancy(user: user, finding: .namedEntryDiffers(transactionID: entry, named: named))
    }
}
