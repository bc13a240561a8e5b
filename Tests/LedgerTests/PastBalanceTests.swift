import Postgres
import Testing

@testable import Ledger

@Suite("Balances at a time")
struct PastBalanceTests {
    @Test("the balance is what the last entry until then left, to the microsecond")
    func followsEntries() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let created = try #require(try await ledger.service.user(user)).createdAt
            var receipts: [Receipt] = []
            for change in [add(10), add(5), deduct(7), .reset, add(1)] {
                receipts.append(try await ledger.perform(change, on: user))
            }
            var before = Account(user: user, credits: 0, lastUpdated: created)
            for receipt in receipts {
                let at = try await ledger.balance(of: user, at: receipt.lastUpdated)
                #expect(at.credits == receipt.credits)
                #expect(at.lastUpdated == receipt.lastUpdated)
                let earlier = receipt.lastUpdated.microsecondsSinceUnixEpoch - 1
                let justBefore = try await ledger.balance(
                    of: user, at: Timestamp(microsecondsSinceUnixEpoch: earlier))
                #expect(justBefore == before)
                before = at
            }
            #expect(try await ledger.balance(of: user, at: .earliest).lastUpdated == created)
        }
    }

    @Test("of several entries of one moment the last one counts")
    func takesLastOfMoment() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            try await ledger.execute(
                """
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after, created_at)
                SELECT 1, n, 'add', 1, n, '2020-01-01Z' FROM generate_series(1, 5) AS n
                """)
            let moment = try #require(CalendarDay("2020-01-01")).start
            #expect(try await ledger.balance(of: user, at: moment).credits == 5)
        }
    }

    @Test("before the ledger a carried over balance counts from its opening entry")
    func countsOpening() async throws {
        try await withTestDatabaseOfOriginal { ledger in
            let user = userID(1)
            let opening = try #require(Timestamp(rfc3339: "2024-01-02T03:04:05.6Z"))
            #expect(try await ledger.balance(of: user, at: opening).credits == 2_000_000_000)
            let earlier = try #require(Timestamp(rfc3339: "2024-01-02T03:04:05.599999Z"))
            let before = try await ledger.balance(of: user, at: earlier)
            #expect(before.credits == 0)
            #expect(before.lastUpdated.rfc3339 == "1970-01-01T00:00:00.000000Z")
        }
    }

    @Test("a time that has not come is told, by the database's clock")
    func refusesFuture() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let receipt = try await ledger.perform(add(1), on: user)
            let past = try await ledger.service.balance(of: user, at: .latest)
            guard case .stillToCome(let now) = past else { throw Unexpected(past: past) }
            #expect(now >= receipt.lastUpdated)
            #expect(try await ledger.balance(of: user, at: now).credits == 1)
        }
    }

    @Test("a user who is not there has no balance at any time")
    func knowsUsers() async throws {
        try await withLedger { ledger in
            let past = try await ledger.service.balance(of: userID(9), at: .earliest)
            #expect(past == nil)
        }
    }

    @Test(
        "RFC 3339 is read",
        arguments: [
            ("2026-11-22T07:18:29Z", "2026-11-22T07:18:29.000000Z"),
            ("2026-11-22t07:18:29.5z", "2026-11-22T07:18:29.500000Z"),
            ("2026-11-22T07:18:29.123456999Z", "2026-11-22T07:18:29.123456Z"),
            ("2026-11-22T00:30:00+01:00", "2026-11-21T23:30:00.000000Z"),
            ("2026-12-31T23:30:00.000001-00:45", "2027-01-01T00:15:00.000001Z"),
            ("2024-02-29T12:00:00-00:00", "2024-02-29T12:00:00.000000Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z"),
            ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ])
    func readsMoments(text: String, meaning: String) {
        #expect(Timestamp(rfc3339: text)?.rfc3339 == meaning)
    }

    @Test(
        "what is no moment is refused",
        arguments: [
            "", "now", "2026-11-22", "2026-11-22T07:18Z", "2026-11-22T07:18:29",
            "2026-11-22 07:18:29Z", "2026-11-22T24:00:00Z", "2026-11-22T07:60:00Z",
            "2026-11-22T07:18:60Z", "2026-02-30T07:18:29Z", "2026-11-22T07:18:29.Z",
            "2026-11-22T07:18:29,5Z", "2026-11-22T07:18:29+0100", "2026-11-22T07:18:29+24:00",
            "2026-11-22T07:18:29+01:60", "2026-11-22T07:18:29ZZ", "2026-11-22T+7:18:29Z",
            "0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
            "12026-11-22T07:18:29Z", "1767225600", "infinity", "2026-11-22T07:18:2\u{661}Z",
        ])
    func refusesOtherText(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    private struct Unexpected: Error {
        let past: PastBalance?
    }
}

extension LedgerScene {
    fileprivate func balance(of user: UserID, at moment: Timestamp) async throws -> Account {
        guard case .known(let account) = try await service.balance(of: user, at: moment) else {
            throw NoBalance()
        }
        return account
    }

    private struct NoBalance: Error {}
}

/// The tables of the service that this one replaces, with its data, brought up to date.
private func withTestDatabaseOfOriginal(
    _ body: (LedgerScene) async throws -> Void
) async throws {
    try await withBareDatabase { ledger, migrator in
        try await ledger.makeOriginalTables()
        try await migrator.apply()
        try await body(ledger)
    }
}
