import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Reversals on a real PostgreSQL.
@Suite("Reversals")
struct ReversalTests {
    @Test("a reversal undoes an entry, and names it")
    func undoes() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let added = try await ledger.perform(add(30), on: user)
            let spent = try await ledger.perform(deduct(10), on: user)

            let givenBack = try await ledger.reverse(spent, of: user)
            #expect(givenBack.receipt?.credits == 30)
            let takenBack = try await ledger.reverse(added, of: user)
            #expect(takenBack.receipt?.credits == 0)

            let entries = try await ledger.entries(of: user)
            #expect(entries.map(\.kind) == [.add, .deduct, .reversal, .reversal])
            #expect(entries.map(\.amount) == [30, -10, 10, -30])
            #expect(entries[2].related == entries[1].reference)
            #expect(entries[3].related == entries[0].reference)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("what cannot be reversed is told")
    func refuses() async throws {
        try await withLedger { ledger in
            let (user, other) = (try await ledger.newUser(), try await ledger.newUser())
            let added = try await ledger.perform(add(30), on: user)
            #expect(try await ledger.reverse(added, of: other) == .transactionNotFound)
            let sent = try await ledger.perform(transfer(20, to: other), on: user)
            #expect(try await ledger.reverse(sent, of: user) == .notReversible(.transferOut))
            #expect(
                try await ledger.reverse(added, of: user)
                    == .insufficientCredits(available: 10, requested: 30))
            _ = try await ledger.perform(add(20), on: user)
            let reversal = try #require(try await ledger.reverse(added, of: user).receipt)
            #expect(
                try await ledger.reverse(added, of: user)
                    == .alreadyReversed(by: try #require(reversal.transactionID)))
            #expect(try await ledger.reverse(reversal, of: user) == .notReversible(.reversal))
        }
    }

    @Test("of many reversals at once, on two instances, one happens, and its key replays it")
    func happensOnce() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let added = try await ledger.perform(add(10), on: user)
            _ = try await ledger.perform(add(90), on: user)
            let id = try #require(added.transactionID)
            let services = [ledger.service, ledger.anotherInstance()]

            let outcomes = try await concurrently(40) { caller in
                try await services[caller % 2].perform(
                    Command(
                        user: user, change: .reversal(of: id),
                        idempotencyKey: key("caller-\(caller % 20)")))
            }

            let reversals = Set(outcomes.compactMap { $0.receipt?.transactionID })
            #expect(reversals.count == 1)
            let reversal = try #require(reversals.first)
            #expect(outcomes.count { !$0.isReplay && $0.receipt != nil } == 1)
            #expect(
                outcomes.allSatisfy {
                    $0.receipt != nil || $0 == .alreadyReversed(by: reversal)
                })
            #expect(try await ledger.service.account(of: user)?.credits == 90)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("the table itself lets no entry be reversed twice, and no link stand half")
    func isGuardedByTheTable() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let added = try await ledger.perform(add(10), on: user)
            _ = try await ledger.perform(add(90), on: user)
            _ = try await ledger.reverse(added, of: user)
            for (relatedUser, relatedID, constraint) in [
                ("\(user.rawValue)", "\(try #require(added.transactionID))", "reversed_once"),
                ("NULL", "1", "related_whole"),
            ] {
                let error = await #expect(throws: (any Error).self) {
                    try await ledger.execute(
                        """
                        INSERT INTO credit_transactions (user_id, kind, amount, balance_after,
                            related_user_id, related_transaction_id)
                        VALUES (\(user.rawValue), 'reversal', 0, 90, \(relatedUser), \(relatedID))
                        """)
                }
                #expect("\(error.map { "\($0)" } ?? "")".contains(constraint))
            }
        }
    }
}

extension LedgerScene {
    fileprivate func reverse(_ receipt: Receipt, of user: UserID) async throws -> Outcome {
        let id = try #require(receipt.transactionID)
        return try await service.perform(Command(user: user, change: .reversal(of: id)))
    }
}
