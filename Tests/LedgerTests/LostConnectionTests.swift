import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Faults by killing real backends under load.
@Suite("Lost connections")
struct LostConnectionTests {
    @Test("backends killed at random moments lose no acknowledged write and double none")
    func survivesKilledBackends() async throws {
        try await withLedger { ledger in
            let users = try await concurrently(8) { _ in try await ledger.newUser() }
            let killer = Task { try await ledger.killBackendsUntilCancelled() }
            defer { killer.cancel() }

            // No idempotency keys: the service itself has to find out what became of its commits.
            let applied = try await concurrently(8) { index in
                var applied: Int64 = 0
                while applied < 100 {
                    do {
                        _ = try await ledger.perform(add(1), on: users[index])
                        applied += 1
                    } catch LedgerError.unavailable {
                        // Nothing was changed, so trying again is right.
                    }
                }
                return applied
            }
            killer.cancel()
            let kills = try await killer.value

            #expect(kills > 0)
            #expect(applied.allSatisfy { $0 == 100 })
            // Looked at by an instance whose connections nobody has broken.
            let witness = LedgerScene(database: ledger.database, loop: ledger.loop)
            for user in users {
                #expect(try await witness.service.account(of: user)?.credits == 100)
            }
            #expect(try await witness.discrepancies() == [])
        }
    }

    @Test("nothing is written with an id that is not above the user's last one")
    func refusesIDsThatWentBack() async throws {
        var settings = LedgerSettings.patient
        settings.attempts = 2
        try await withLedger(settings) { ledger in
            let user = try await ledger.newUser()
            try await ledger.execute("SELECT setval('credit_transaction_ids', 1000)")
            _ = try await ledger.perform(add(1), on: user)
            try await ledger.execute("SELECT setval('credit_transaction_ids', 1, false)")
            let instance = ledger.anotherInstance()
            for change in [add(1), .reset] {
                await #expect(throws: LedgerError.unavailable) {
                    try await instance.perform(Command(user: user, change: change))
                }
            }
            try await ledger.execute("SELECT setval('credit_transaction_ids', 2000)")
            #expect(try await ledger.perform(.reset, on: user).credits == 0)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("a commit that was never answered is looked up before it is answered or tried again")
    func resolvesUnknownOutcome() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: user)
            let store = WriteStore(lockWait: .seconds(60))
            let suspect = try await ledger.entries(of: user)[0]
            // The same id, drawn again after a crash, and another entry under it.
            let namesake = LedgerEntry(
                user: user, transactionID: suspect.transactionID, kind: .add, amount: 2,
                balanceAfter: 2, createdAt: suspect.createdAt, reason: nil, metadata: nil,
                idempotencyKey: nil)

            for (entry, isCommitted) in [(suspect, true), (namesake, false)] {
                let locked = try await ledger.pool.use { connection throws(PostgresError) in
                    let locked = try await store.lock(
                        [Command(user: user, change: add(1))], suspects: [entry], on: connection)
                    try await store.rollBack(on: connection)
                    return locked
                }
                #expect((locked.balance(after: entry) != nil) == isCommitted)
                #expect(locked.rulesOut(entry) == !isCommitted)
            }
        }
    }

    @Test(
        "what a failure means decides what follows",
        arguments: [
            (
                PostgresError.connectionLost("x"), true,
                RetryPolicy.Decision.tryAgain(after: .milliseconds(1))
            ),
            (.cannotConnect("x"), true, .giveUp(.unavailable)),
            (.poolExhausted(waited: .seconds(1)), true, .giveUp(.overloaded)),
            (.cannotConnect("x"), false, .tryAgain(after: .milliseconds(1))),
            (server("40P01"), true, .tryAgain(after: .milliseconds(1))),
            (server("23505"), true, .tryAgain(after: .milliseconds(1))),
            (server("22P02"), true, .tryEachAlone),
            (server("42P01"), true, .giveUp(.unavailable)),
        ])
    func decidesRetry(error: PostgresError, isOutcomeKnown: Bool, decision: RetryPolicy.Decision) {
        var policy = RetryPolicy(settings: LedgerSettings())
        #expect(policy.decide(on: error, isOutcomeKnown: isOutcomeKnown) == decision)
    }

    @Test("tries end, and so does asking for an outcome")
    func givesUp() {
        var settings = LedgerSettings()
        settings.attempts = 3
        settings.outcomeDeadline = .zero
        var policy = RetryPolicy(settings: settings)
        #expect(
            policy.decide(on: server("40001"), isOutcomeKnown: true)
                == .tryAgain(after: .milliseconds(1)))
        #expect(
            policy.decide(on: server("40001"), isOutcomeKnown: true)
                == .tryAgain(after: .milliseconds(2)))
        #expect(policy.decide(on: server("40001"), isOutcomeKnown: true) == .giveUp(.unavailable))
        #expect(
            policy.decide(on: .connectionLost("x"), isOutcomeKnown: false)
                == .giveUp(.outcomeUnknown))
    }
}

private func server(_ sqlState: String) -> PostgresError {
    .server(ServerMessage(sqlState: SQLState(rawValue: sqlState), message: "test"))
}

extension LedgerScene {
    /// Ends the service's own connections again and again, each with even odds; returns how many.
    func killBackendsUntilCancelled() async throws -> Int {
        var kills = 0
        while !Task.isCancelled {
            let killed = try await database.run(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                    AND backend_type = 'client backend' AND random() < 0.5
                """)
            kills += killed.count
            try await database.run("SELECT pg_sleep(0.005)")
        }
        return kills
    }
}
