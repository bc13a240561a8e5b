import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Writes by difference, while others write the same balances.
@Suite("Writes by difference")
struct DeltaWriteTests {
    @Test(arguments: [0, 32])
    func `a balance that nobody has asked for is written, and the entry is as the answer says`(
        attentive rounds: Int
    ) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(100), on: user)
            let writer = ledger.deltaWriter(attention: DeltaAttention(rounds: rounds))
            for expected in [Int64(70), 40, 10] {
                let decision = try await writer.settled([plain(deduct(30), user)])[0].get()
                guard case .applied(let receipt) = try #require(decision).only else {
                    throw NotApplied()
                }
                #expect(receipt.credits == expected)
                let last = try #require(try await ledger.entries(of: user).last)
                #expect(last.receipt == receipt)
                #expect(try await ledger.service.account(of: user)?.credits == expected)
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `a first write makes the balance, where there is a user and nothing to lose`()
        async throws
    {
        try await withLedger { ledger in
            let (new, spender, deleted, restored) = (
                try await ledger.newUser(), try await ledger.newUser(),
                try await ledger.newUser(), try await ledger.newUser()
            )
            _ = try await ledger.service.deleteUser(deleted, by: Origin(actor: nil))
            _ = try await ledger.perform(add(5), on: restored)
            try await ledger.execute("DELETE FROM credits WHERE user_id = \(restored.rawValue)")

            let results = await ledger.deltaWriter().settled([
                plain(add(3), new), plain(deduct(2), new), plain(deduct(1), spender),
                plain(add(1), deleted), plain(add(1), restored), plain(add(1), userID(4_711)),
            ])

            let credits = try results.map { try $0.get()?.only.receipt?.credits }
            #expect(credits == [3, 1, nil, nil, nil, nil])
            #expect(try await ledger.entries(of: new).map(\.balanceAfter) == [3, 1])
            for user in [spender, deleted] {
                #expect(try await ledger.entries(of: user) == [])
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `first writes of the same users on two instances at once all count`() async throws {
        try await withLedger { ledger in
            let users = try await concurrently(3) { _ in try await ledger.newUser() }
            let instances = [ledger.service, ledger.anotherInstance()]
            _ = try await concurrently(24) { caller in
                try await instances[caller % 2].perform(
                    Command(user: users[caller % 3], change: add(1)))
            }
            for user in users {
                #expect(try await ledger.service.account(of: user)?.credits == 8)
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `what changed meanwhile is not written over, and its neighbours are written`()
        async throws
    {
        try await withLedger { ledger in
            let (user, other) = (try await ledger.newUser(), try await ledger.newUser())
            for each in [user, other] { _ = try await ledger.perform(add(10), on: each) }
            let writer = ledger.deltaWriter()
            let requests = [plain(add(1), user), plain(add(1), other)]
            let first = await writer.settled(requests)
            #expect(try first.map { try $0.get()?.only.receipt?.credits } == [11, 11])

            try await ledger.execute(
                "UPDATE credits SET credits = 500 WHERE user_id = \(user.rawValue)")
            let second = await writer.settled(requests + [plain(deduct(1), user)])

            #expect(try second.map { try $0.get()?.only.receipt?.credits } == [nil, 12, nil])
            #expect(try await ledger.entries(of: user).map(\.kind) == [.add, .add, .external])
            // Ids that are later than that entry's have been drawn since.
            let third = await writer.settled(requests)
            #expect(try third.map { try $0.get()?.only.receipt?.credits } == [501, 13])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `a refusal rests on the balance as it is`() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(10), on: user)
            _ = try await ledger.perform(deduct(5), on: user)
            try await ledger.execute("UPDATE credits SET credits = 50")
            #expect(try await ledger.perform(deduct(40), on: user).credits == 10)

            _ = try await ledger.perform(add(90), on: user)
            try await ledger.execute("UPDATE credits SET credits = 3")
            let outcome = try await ledger.service.perform(Command(user: user, change: deduct(40)))
            #expect(outcome == .insufficientCredits(available: 3, requested: 40))
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `a key that another instance used is found, and so is one of the same round`()
        async throws
    {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: user)
            let other = ledger.anotherInstance()
            @Sendable func keyed(_ amount: Int64, _ key: String) -> Command {
                Command(user: user, change: add(amount), idempotencyKey: IdempotencyKey(key))
            }
            let first = try await other.perform(keyed(7, "a"))
            let again = try await ledger.service.perform(keyed(7, "a"))
            #expect(again.receipt == first.receipt)
            #expect(again.isReplay)
            let reused = try await ledger.service.perform(keyed(8, "a"))
            #expect(reused == .keyReused(differing: "amount"))

            let outcomes = try await concurrently(20) { _ in
                try await ledger.service.perform(keyed(5, "b"))
            }
            #expect(outcomes.count { $0.isReplay } == 19)
            #expect(Set(outcomes.map(\.receipt)).count == 1)
            #expect(try await ledger.entries(of: user).map(\.amount) == [1, 7, 5])
        }
    }

    @Test func `a deduction that took all is replayed under its key, and not refused`()
        async throws
    {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(10), on: user)
            let command = Command(
                user: user, change: deduct(10), idempotencyKey: IdempotencyKey("all"))
            let first = try await ledger.service.perform(command)
            for _ in 1...3 {
                let again = try await ledger.service.perform(command)
                #expect(again.isReplay)
                #expect(again.receipt == first.receipt)
            }
            #expect(try await ledger.entries(of: user).map(\.amount) == [10, -10])
        }
    }

    @Test func `a deleted user's balance is closed to it`() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(5), on: user)
            _ = try await ledger.perform(add(5), on: user)
            _ = try await ledger.service.deleteUser(user, by: Origin(actor: nil))
            let outcome = try await ledger.service.perform(Command(user: user, change: add(1)))
            #expect(outcome == .userNotFound)
            #expect(try await ledger.entries(of: user).count == 2)
        }
    }

    @Test(arguments: [0, 32])
    func `a write that was cut off is looked up, and made where it does not stand`(
        attentive rounds: Int
    ) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(10), on: user)
            let writer = ledger.deltaWriter(attention: DeltaAttention(rounds: rounds))
            let write = try await ledger.pool.withTransaction { connection in
                try await connection.run("SELECT FROM credits FOR UPDATE")
                let write = Task { await writer.settled([plain(add(1), user)]) }
                #expect(try await eventually { try await ledger.cutWaitingWrite() })
                return write
            }
            #expect(try await write.value[0].get()?.only.receipt?.credits == 11)
            #expect(try await ledger.entries(of: user).map(\.amount) == [10, 1])

            let told = Decision.judged([.applied(receipt(12))])
            let made = await writer.fallback.write(
                [plain(add(1), user)], unlessAdded: entry(.add, 1, id: 9_999), decisions: [told])
            #expect(try made.map { try $0.get()?.only.receipt?.credits } == [12])
            let stands = try #require(try await ledger.entries(of: user).last)
            let found = await writer.fallback.write(
                [plain(add(1), user)], unlessAdded: stands, decisions: [told])
            #expect(try found.map { try $0.get() } == [told])
            #expect(try await ledger.entries(of: user).map(\.amount) == [10, 1, 1])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    /// The row that psql makes anew has no last entry, and the ledger has one that is later than
    /// the ids which were drawn ahead.
    @Test(arguments: [0, 32])
    func `a balance that was made past the service goes by the locks`(
        attentive rounds: Int
    ) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let writer = ledger.deltaWriter(attention: DeltaAttention(rounds: rounds))
            _ = try await ledger.perform(add(1), on: user)
            #expect(try await writer.settled([plain(add(9), user)])[0].get() != nil)
            try await ledger.execute(
                """
                DELETE FROM credits; INSERT INTO credits (user_id) VALUES (\(user.rawValue))
                """)

            #expect(try await writer.settled([plain(add(5), user)])[0].get() == nil)

            #expect(try await ledger.perform(add(5), on: user).credits == 5)
            #expect(try await ledger.entries(of: user).map(\.amount) == [1, 9, -10, 5])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test(arguments: [0, 32])
    func `instances that take turns on one balance lose nothing`(
        attentive rounds: Int
    ) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: user)
            let instances = (1...2).map { _ in
                ledger.deltaWriter(attention: DeltaAttention(rounds: rounds))
            }
            var applied = 0
            for turn in 0..<40 {
                let answers = await instances[turn % 2].settled([plain(add(1), user)])
                applied += try answers[0].get() == nil ? 0 : 1
            }
            #expect(applied > 0)
            let account = try await ledger.service.account(of: user)
            #expect(account?.credits == Int64(1 + applied))
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `where it keeps failing, writers go by the locks at once`() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: user)
            try await ledger.execute(
                "UPDATE credits SET last_updated = now() + interval '1 hour'")
            let writer = ledger.deltaWriter()
            for _ in 1...9 {
                #expect(writer.trust.isGiven)
                #expect(try await writer.settled([plain(add(1), user)])[0].get() == nil)
            }
            #expect(!writer.trust.isGiven)
            // The user himself is served all the same, and his time does not go back.
            let before = try await ledger.service.account(of: user)
            let receipt = try await ledger.perform(add(1), on: user)
            #expect(receipt.lastUpdated == before?.lastUpdated)
        }
    }

    @Test func `an entry that was made by the locks makes its user's next one draw a later id`()
        async throws
    {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(5), on: user)
            let writer = ledger.deltaWriter()
            _ = await writer.settled([plain(add(1), user)])
            await writer.note(.judged([.applied(try await ledger.perform(.reset, on: user))]))
            let answer = try await writer.settled([plain(add(2), user)])[0].get()
            #expect(answer?.only.receipt?.credits == 2)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `two instances that write the same few users at once lose nothing`() async throws {
        try await withLedger { ledger in
            let users = try await concurrently(3) { _ in try await ledger.newUser() }
            let instances = [ledger.service, ledger.anotherInstance()]
            let applied = try await concurrently(16) { caller in
                var applied = 0
                for turn in 0..<25 {
                    let user = users[(caller + turn) % 3]
                    let change = turn % 5 == 4 ? deduct(3) : add(2)
                    let outcome = try await instances[caller % 2].perform(
                        Command(user: user, change: change))
                    if case .applied = outcome { applied += 1 }
                }
                return applied
            }.reduce(0, +)
            #expect(
                try await ledger.count("SELECT count(*) FROM credit_transactions")
                    == Int64(applied))
            #expect(try await ledger.discrepancies() == [])
        }
    }

    private struct NotApplied: Error {}

    private func plain(_ change: Change, _ user: UserID) -> WriteRequest {
        WriteRequest(Command(user: user, change: change))
    }
}

extension LedgerScene {
    /// Ends the backend that waits for a row with a write; false while there is none.
    func cutWaitingWrite() async throws -> Bool {
        let cut = try await pool.run(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
                AND query ~ '^WITH (way|changed) AS'
            """)
        return !cut.isEmpty
    }

    func deltaWriter(
        outcomeDeadline: Duration = patience, attention: DeltaAttention = DeltaAttention()
    ) -> DeltaWriter {
        var settings = LedgerSettings()
        settings.outcomeDeadline = outcomeDeadline
        settings.lockWait = .seconds(60)
        // Ids are drawn for no round beside.
        settings.writeRounds = 1
        let writer = BatchWriter(
            pool: pool, settings: settings, counters: LedgerCounters(),
            logger: quietLogger)
        return DeltaWriter(
            fallback: writer, on: loop, now: { .now }, attention: attention)
    }
}

extension DeltaWriter {
    /// As of `write`, with what had to be asked for; nil for what is left to the `BatchWriter`.
    func settled(_ requests: [WriteRequest]) async -> [Result<Decision?, LedgerError>] {
        var settled: [Result<Decision?, LedgerError>] = []
        for result in await write(requests) {
            switch result {
            case .success(let answer): settled.append(await answer.settled)
            case .failure(let error): settled.append(.failure(error))
            }
        }
        return settled
    }
}

extension DeltaAnswer {
    var settled: Result<Decision?, LedgerError> {
        get async {
            switch self {
            case .decided(let decision): .success(decision)
            case .left: .success(nil)
            case .unanswered(let lost): await lost.outcome
            }
        }
    }
}
