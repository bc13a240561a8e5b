import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Many commands at once, all or none, and dry runs, on a real PostgreSQL.
@Suite("Write requests")
struct WriteRequestTests {
    @Test("a request larger than a batch happens in one transaction")
    func happensWhole() async throws {
        var settings = LedgerSettings()
        settings.batchSize = 10
        settings.queueDepth = 10
        try await withLedger(settings) { ledger in
            let users = try await concurrently(5) { _ in try await ledger.newUser() }
            let commands = (0..<100).map { Command(user: users[$0 % 5], change: add(1)) }

            let decision = try await ledger.service.perform(WriteRequest(commands))

            guard case .judged(let outcomes) = decision else { throw Refused(decision) }
            let expected = (0..<100).map { Int64($0 / 5 + 1) }
            #expect(outcomes.compactMap { $0.receipt?.credits } == expected)
            let writers = try await ledger.count(
                "SELECT count(DISTINCT xmin::text) FROM credit_transactions")
            #expect(writers == 1)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    /// The lane waits for its ids, after it has looked for a balance to lock.
    @Test("a balance that somebody makes between the lock and the look is judged as it is")
    func findsNewBalance() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let writer = BatchWriter(
                pool: ledger.pool, settings: .patient, counters: LedgerCounters(),
                logger: quietLogger)
            let request = WriteRequest(Command(user: user, change: deduct(5)))
            let write = try await ledger.pool.withTransaction { connection in
                try await connection.run("ALTER SEQUENCE credit_transaction_ids CACHE 1")
                let write = Task { await writer.write([request]) }
                #expect(try await eventually { try await ledger.isWaitingForLock() })
                try await connection.runPipeline(ledger.firstEntry(of: user, 6))
                return write
            }
            let outcome = try await write.value[0].get()?.only
            #expect(outcome?.receipt?.credits == 1)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a refused request leaves nothing in the database")
    func leavesNothing() async throws {
        try await withLedger { ledger in
            let (user, other) = (try await ledger.newUser(), try await ledger.newUser())
            let request = WriteRequest([
                Command(user: user, change: add(10), idempotencyKey: key("a")),
                Command(user: other, change: deduct(1)),
            ])

            let decision = try await ledger.service.perform(request)

            #expect(
                decision == .refused(.insufficientCredits(available: 0, requested: 1), index: 1))
            #expect(try await ledger.count("SELECT count(*) FROM credit_transactions") == 0)
            #expect(try await ledger.count("SELECT count(*) FROM credits") == 0)
        }
    }

    @Test("a request under keys is replayed whole, by another instance too")
    func replaysWhole() async throws {
        try await withLedger { ledger in
            let users = try await concurrently(3) { _ in try await ledger.newUser() }
            let request = WriteRequest(
                users.map { Command(user: $0, change: add(5), idempotencyKey: key("once")) })
            let services = [ledger.service, ledger.anotherInstance()]

            let decisions = try await concurrently(20) {
                try await services[$0 % 2].perform(request)
            }

            #expect(decisions.count { !$0.hasReplay } == 1)
            for user in users {
                #expect(try await ledger.service.account(of: user)?.credits == 5)
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("requests of many users at once, in opposite orders, on two instances lose nothing")
    func sharesUsers() async throws {
        try await withLedger { ledger in
            let users = try await concurrently(6) { _ in try await ledger.newUser() }
            let services = [ledger.service, ledger.anotherInstance()]

            _ = try await concurrently(40) { caller in
                let order = caller % 2 == 0 ? users : users.reversed()
                let decision = try await services[caller / 2 % 2].perform(
                    WriteRequest(order.map { Command(user: $0, change: add(1)) }))
                guard case .judged = decision else { throw Refused(decision) }
            }

            for user in users {
                #expect(try await ledger.service.account(of: user)?.credits == 40)
            }
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("commands that need not happen together are judged each, on what those before it left")
    func judgesEach() async throws {
        try await withLedger { ledger in
            let users = try await concurrently(4) { _ in try await ledger.newUser() }
            let changes = [add(3), deduct(2), deduct(2), add(1), deduct(2)]
            let commands = changes.flatMap { change in
                users.map { Command(user: $0, change: change) }
            }

            for isDryRun in [true, false] {
                let decision = try await ledger.service.perform(
                    WriteRequest(commands, isAllOrNone: false, isDryRun: isDryRun))
                guard case .judged(let outcomes) = decision else { throw Refused(decision) }
                let expected: [Int64?] = [3, 1, nil, 2, 0]
                let credits = outcomes.map { $0.receipt?.credits }
                #expect(credits == expected.flatMap { Array(repeating: $0, count: 4) })
            }
            #expect(try await ledger.count("SELECT count(*) FROM credit_transactions") == 16)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a dry run tells what would happen, and leaves neither entry, balance nor key")
    func runsDry() async throws {
        try await withLedger { ledger in
            let (user, other) = (try await ledger.newUser(), try await ledger.newUser())
            let commands = [
                Command(user: user, change: add(10), idempotencyKey: key("k")),
                Command(user: user, change: transfer(4, to: other)),
            ]

            let foretold = try await ledger.service.perform(
                WriteRequest(commands, isDryRun: true))

            guard case .judged(let outcomes) = foretold else { throw Refused(foretold) }
            #expect(outcomes.map { $0.receipt?.credits } == [10, 6])
            #expect(outcomes.allSatisfy { $0.receipt?.transactionID == nil })
            #expect(try await ledger.count("SELECT count(*) FROM credit_transactions") == 0)
            #expect(try await ledger.count("SELECT count(*) FROM credits") == 0)
            let reused = Command(user: user, change: add(11), idempotencyKey: key("k"))
            #expect(try await ledger.service.perform(reused).receipt?.credits == 11)
        }
    }

    @Test("backends killed at random moments do no request by halves, and none twice")
    func survivesKilledBackends() async throws {
        try await withLedger { ledger in
            let users = try await concurrently(4) { _ in try await ledger.newUser() }
            let killer = Task { try await ledger.killBackendsUntilCancelled() }
            defer { killer.cancel() }

            _ = try await concurrently(4) { caller in
                var applied = 0
                // No keys: the service itself has to find out what became of its commits.
                let order = caller % 2 == 0 ? users : users.reversed()
                while applied < 40 {
                    do {
                        _ = try await ledger.service.perform(
                            WriteRequest(order.map { Command(user: $0, change: add(1)) }))
                        applied += 1
                    } catch LedgerError.unavailable {
                        // Nothing was changed, so trying again is right.
                    }
                }
            }
            killer.cancel()
            _ = try? await killer.value

            let witness = LedgerScene(database: ledger.database, loop: ledger.loop)
            for user in users {
                #expect(try await witness.service.account(of: user)?.credits == 160)
            }
            #expect(try await witness.discrepancies() == [])
        }
    }
}

private struct Refused: Error {
    let decision: Decision

    init(_ decision: Decision) {
        self.decision = decision
    }
}

extension LedgerScene {
    fileprivate func isWaitingForLock() async throws -> Bool {
        try await count(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'
            """) > 0
    }

    /// As another instance writes it; its id comes before those that are drawn later.
    fileprivate func firstEntry(of user: UserID, _ credits: Int64) -> [Statement] {
        [
            """
            INSERT INTO credit_transactions (user_id, transaction_id, kind, amount, balance_after)
            VALUES (\(user.rawValue), 1, 'add', \(credits), \(credits))
            """,
            """
            INSERT INTO credits (user_id, credits, last_transaction_id)
            VALUES (\(user.rawValue), \(credits), 1)
            """,
        ]
    }
}
