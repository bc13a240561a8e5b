import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Transfers on a real PostgreSQL, where two rows have to move together.
@Suite("Transfers")
struct TransferTests {
    @Test("a transfer moves both balances, and its two entries name each other")
    func movesBoth() async throws {
        try await withLedger { ledger in
            let (sender, recipient) = (try await ledger.newUser(), try await ledger.newUser())
            _ = try await ledger.perform(add(100), on: sender)

            let receipt = try await ledger.perform(transfer(30, to: recipient), on: sender)

            #expect(receipt.credits == 70)
            #expect(try await ledger.service.account(of: recipient)?.credits == 30)
            let sent = try #require(try await ledger.entries(of: sender).last)
            let received = try #require(try await ledger.entries(of: recipient).last)
            #expect(sent.kind == .transferOut && received.kind == .transferIn)
            #expect(sent.related == received.reference && received.related == sent.reference)
            #expect(receipt.transactionID == sent.transactionID)
            #expect(receipt.related == received.reference)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test(
        "a transfer is replayed under its key, from another instance and after the recipient left")
    func replays() async throws {
        try await withLedger { ledger in
            let (sender, recipient) = (try await ledger.newUser(), try await ledger.newUser())
            _ = try await ledger.perform(add(100), on: sender)
            let command = Command(
                user: sender, change: transfer(30, to: recipient), idempotencyKey: key("t"))
            let first = try await ledger.service.perform(command)
            _ = try await ledger.service.deleteUser(recipient)

            let again = try await ledger.anotherInstance().perform(command)

            #expect(again == first.receipt.map { .replayed($0) })
            let other = Command(user: sender, change: transfer(31, to: recipient))
            #expect(try await ledger.service.perform(other) == .recipientNotFound)
            #expect(try await ledger.service.account(of: sender)?.credits == 70)
        }
    }

    @Test("opposite transfers by many callers on two instances conserve the sum, and none fails")
    func conservesSum() async throws {
        var settings = LedgerSettings()
        settings.writeLanes = 2
        try await withLedger(settings) { ledger in
            // Odd and even ids, so that the two users have different lanes.
            let pair = [try await ledger.newUser(), try await ledger.newUser()]
            for user in pair { _ = try await ledger.perform(add(50), on: user) }
            let services = [ledger.service, ledger.anotherInstance()]

            let refusals = try await concurrently(32) { caller in
                var refusals = 0
                for round in 0..<25 {
                    let sender = pair[(caller + round) % 2]
                    let recipient = pair[(caller + round + 1) % 2]
                    let outcome = try await services[caller / 2 % 2].perform(
                        Command(
                            user: sender,
                            change: transfer(Int64(caller % 7 + 1), to: recipient)))
                    if outcome.receipt == nil { refusals += 1 }
                }
                return refusals
            }

            let balances = try await [
                ledger.service.account(of: pair[0])?.credits,
                ledger.service.account(of: pair[1])?.credits,
            ].compactMap { $0 }
            #expect(balances.reduce(0, +) == 100)
            let transfers = 32 * 25 - refusals.reduce(0, +)
            #expect(
                try await ledger.entries(of: pair[0]).count { $0.kind != .add } == transfers)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a transfer may make the rows of two users who never had credits meet")
    func meetsNewUsers() async throws {
        try await withLedger { ledger in
            var users: [UserID] = []
            for _ in 0..<8 { users.append(try await ledger.newUser()) }
            let source = try await ledger.newUser()
            _ = try await ledger.perform(add(1_000), on: source)
            let services = [ledger.service, ledger.anotherInstance()]

            _ = try await concurrently(64) { [users] caller in
                let outcome = try await services[caller % 2].perform(
                    Command(user: source, change: transfer(1, to: users[caller % 8])))
                #expect(outcome.receipt != nil)
            }

            for user in users {
                #expect(try await ledger.service.account(of: user)?.credits == 8)
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }
}
