import Postgres
import Testing

@testable import Ledger

@Suite("History")
struct HistoryTests {
    @Test("pages go from the newest entry to the oldest, while entries are added")
    func pagesAreStable() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let other = try await ledger.newUser()
            for amount in Int64(1)...7 {
                _ = try await ledger.perform(add(amount), on: user)
                _ = try await ledger.perform(add(100), on: other)
            }
            var amounts: [Int64] = []
            var end: Int64?
            repeat {
                let page = try #require(
                    try await ledger.service.history(of: user, .init(), below: end, limit: 3))
                amounts += page.entries.map(\.amount)
                end = page.next
                _ = try await ledger.perform(add(1_000), on: user)
            } while end != nil
            #expect(amounts == [7, 6, 5, 4, 3, 2, 1])
        }
    }

    @Test("an entry is shown with all that it holds")
    func showsAll() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let command = Command(
                user: user, change: add(10), reason: Reason("why"),
                metadata: Metadata(json: #"{"a":1}"#), idempotencyKey: IdempotencyKey("key"))
            _ = try await ledger.service.perform(command)
            _ = try await ledger.perform(.reset, on: user)

            let page = try #require(
                try await ledger.service.history(of: user, .init(), below: nil, limit: 50))

            #expect(page.entries.map(\.kind) == [.reset, .add])
            #expect(page.entries.map(\.amount) == [-10, 10])
            #expect(page.entries.map(\.balanceAfter) == [0, 10])
            #expect(page.entries.map(\.reason) == [nil, "why"])
            #expect(page.entries.map(\.metadata) == [nil, #"{"a":1}"#])
            #expect(page.entries.map(\.idempotencyKey) == [nil, "key"])
            #expect(page.next == nil)
        }
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let filter: @Sendable (inout HistoryFilter) -> Void
        let ids: [Int64]
        let testDescription: String

        init(
            _ name: String, _ ids: [Int64],
            _ filter: @escaping @Sendable (inout HistoryFilter) -> Void
        ) {
            testDescription = name
            self.ids = ids
            self.filter = filter
        }
    }

    @Test(
        "filters",
        arguments: [
            Row("nothing", [9, 7, 5, 3, 2, 1]) { _ in },
            Row("a kind", [7, 3]) { $0.kinds = [.deduct] },
            Row("two kinds", [9, 7, 3]) { $0.kinds = [.deduct, .reset] },
            Row("a kind that no entry has", []) { $0.kinds = [.external] },
            Row("from: the moment itself too", [9, 7, 5]) { $0.from = second(30) },
            Row("from: between two moments", [9, 7]) { $0.from = second(31) },
            Row("from: after all", []) { $0.from = second(91) },
            Row("to: the moment itself not", [3, 2, 1]) { $0.to = second(30) },
            Row("to: before all", []) { $0.to = second(10) },
            Row("to: after all", [9, 7, 5, 3, 2, 1]) { $0.to = second(1_000_000) },
            Row("from and to", [5, 3]) { ($0.from, $0.to) = (second(20), second(40)) },
            Row("from and to of one moment", []) { ($0.from, $0.to) = (second(20), second(20)) },
            Row("from and to with a kind", [3]) {
                ($0.from, $0.to, $0.kinds) = (second(20), second(40), [.deduct])
            },
            Row("a key", [5]) { $0.idempotencyKey = IdempotencyKey("k5") },
            Row("a key of another kind", []) {
                ($0.idempotencyKey, $0.kinds) = (IdempotencyKey("k5"), [.deduct])
            },
            Row("a key after the time", []) {
                ($0.idempotencyKey, $0.to) = (IdempotencyKey("k5"), second(30))
            },
            Row("a key of another user", []) { $0.idempotencyKey = IdempotencyKey("k4") },
        ])
    func filters(row: Row) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            // Two entries of one moment, gaps in ids and times, another user between.
            try await ledger.execute(
                """
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after, created_at, idempotency_key)
                SELECT u, id, kind, 0, 0, '2026-01-01Z'::timestamptz + s * interval '1 s', key
                FROM (VALUES (1, 1, 'add', 10, 'k1'), (1, 2, 'add', 10, NULL),
                    (1, 3, 'deduct', 20, NULL), (2, 4, 'deduct', 25, 'k4'),
                    (1, 5, 'add', 30, 'k5'), (2, 6, 'add', 30, NULL),
                    (1, 7, 'deduct', 40, NULL), (1, 9, 'reset', 90, NULL)
                ) AS entry (u, id, kind, s, key)
                """)
            var filter = HistoryFilter()
            row.filter(&filter)
            let whole = try await ledger.service.history(of: user, filter, below: nil, limit: 200)
            #expect(whole?.entries.map(\.transactionID) == row.ids)
            var paged: [Int64] = []
            var end: Int64?
            repeat {
                let page = try #require(
                    try await ledger.service.history(of: user, filter, below: end, limit: 1))
                paged += page.entries.map(\.transactionID)
                end = page.next
            } while end != nil
            #expect(paged == row.ids)
        }
    }

    @Test("a search for what is rare goes a bounded way at a time, and finds all", arguments: 1...8)
    func searchesInSteps(limit: Int) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            try await ledger.execute(
                """
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after)
                SELECT 1, n, CASE WHEN n IN (2, 7, 8, 20) THEN 'reset' ELSE 'add' END, 0, 0
                FROM generate_series(1, 32) AS n
                """)
            let store = HistoryStore(pool: ledger.pool, entriesLookedAt: 9)
            var filter = HistoryFilter()
            filter.kinds = [.reset]
            var found: [Int64] = []
            var ends: [Int64?] = []
            var end: Int64?
            repeat {
                let page = try #require(
                    try await store.page(of: user, filter, below: end, limit: limit))
                #expect(page.entries.count <= limit)
                found += page.entries.map(\.transactionID)
                end = page.next
                ends.append(end)
            } while end != nil
            #expect(found == [20, 8, 7, 2])
            // 32 entries at most 9 at a time: it did not look at all of them at once.
            #expect(ends.count >= 4)
        }
    }

    @Test("a moment's place is found by halving, whatever the gaps", arguments: 1...12)
    func findsPlaces(seed: Int) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            try await ledger.execute(
                """
                SELECT setseed(\(Double(seed) / 20));
                INSERT INTO credit_transactions (user_id, transaction_id, kind, amount,
                    balance_after, created_at)
                SELECT 1, sum(1 + (random() ^ 8 * 1000000)::bigint) OVER entry, 'add', 0, 0,
                    '2026-01-01Z'::timestamptz
                        + sum((random() * 3)::int) OVER entry * interval '1 s'
                FROM generate_series(1, \(seed * 7)) AS n WINDOW entry AS (ORDER BY n)
                """)
            for seconds in Int64(-1)...40 {
                let moment = second(seconds)
                let rows = try await ledger.pool.run(
                    HistoryStore.idDividing(user, at: moment))
                let row = try #require(rows.first)
                let id = try row.decode(Int64.self)
                let misplaced = try await ledger.count(
                    """
                    SELECT count(*) FROM credit_transactions
                    WHERE (transaction_id < \(id)) <> (created_at < \(moment.postgres))
                    """)
                #expect(misplaced == 0)
            }
        }
    }

    @Test("a user who is not there has no history, and a new one an empty one")
    func knowsUsers() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let page = try await ledger.service.history(of: user, .init(), below: nil, limit: 5)
            #expect(page?.entries == [] && page?.next == nil)
            let nobody = userID(4_711)
            let none = try await ledger.service.history(of: nobody, .init(), below: nil, limit: 5)
            #expect(none == nil)
        }
    }

    @Test("an entry that no command could have made is shown too")
    func showsForeignEntries() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            try await ledger.execute(
                """
                INSERT INTO credit_transactions (user_id, kind, amount, balance_after, created_at,
                    reason, metadata, idempotency_key)
                VALUES (1, 'add', -9223372036854775808, 0, 'infinity', repeat('x', 5000), '[1, 2]',
                    'ä b')
                """)
            let page = try await ledger.service.history(of: user, .init(), below: nil, limit: 5)
            #expect(page?.entries.first?.reason?.count == 5000)
            #expect(page?.entries.first?.metadata == "[1, 2]")
            #expect(page?.entries.first?.idempotencyKey == "ä b")
            #expect(page?.entries.first?.related == nil)
        }
    }

    @Test("the entry that an entry belongs to is shown with it")
    func showsRelated() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            try await ledger.execute(
                """
                INSERT INTO credit_transactions (user_id, kind, amount, balance_after,
                    related_user_id, related_transaction_id) VALUES (1, 'add', 1, 1, 7, 4711)
                """)
            let page = try await ledger.service.history(of: user, .init(), below: nil, limit: 5)
            #expect(page?.entries.first?.related == .init(user: 7, transactionID: 4711))
        }
    }
}

/// A moment so many seconds into 2026.
private func second(_ seconds: Int64) -> Timestamp {
    Timestamp(microsecondsSinceUnixEpoch: (1_767_225_600 + seconds) * 1_000_000)
}
