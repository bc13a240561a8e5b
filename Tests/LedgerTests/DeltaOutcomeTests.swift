import Postgres
import Reactor
import TestSupport
import Testing

@testable import Ledger

/// Writes by difference that were sent and never answered, and that may yet happen.
@Suite("Unanswered writes by difference")
struct DeltaOutcomeTests {
    @Test func `what a user asked for in one round is asked for again in its order`() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(1), on: user)
            let start = try await ledger.perform(deduct(1), on: user)
            // Each deduction needs the addition before it.
            let requests = (0..<40).map {
                plain($0.isMultiple(of: 2) ? add(10) : deduct(10), user)
            }
            let plan = try plan(requests, after: start)

            let results = await ledger.deltaWriter().askedForOutcomes(requests, plan)

            let credits = try results.map { try $0.get()?.only.receipt?.credits }
            #expect(credits == (0..<40).map { $0.isMultiple(of: 2) ? 10 : 0 })
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `what happened in the end is answered by the balance that it happened on`()
        async throws
    {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let start = try await ledger.perform(add(1), on: user)
            let requests = [plain(add(100), user), plain(deduct(60), user)]
            let plan = try plan(requests, after: start)
            try await ledger.writeLate(plan)
            _ = try await ledger.perform(add(500), on: user)

            let results = await ledger.deltaWriter().askedForOutcomes(requests, plan)

            let credits = try results.map { try $0.get()?.only.receipt?.credits }
            #expect(credits == [101, 41])
            let amounts = try await ledger.entries(of: user).map(\.amount)
            #expect(amounts == [1, 100, -60, 500])
        }
    }

    @Test func `what is refused while it may yet happen is not told to be refused`() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let start = try await ledger.perform(add(10), on: user)
            let requests = [plain(deduct(50), user)]
            let plan = try plan(requests, after: start)

            let writer = ledger.deltaWriter(outcomeDeadline: .milliseconds(50))
            let results = await writer.askedForOutcomes(requests, plan)

            #expect(results == [.failure(.outcomeUnknown)])
            // As by another instance whose ids and clock are behind.
            try await ledger.execute("ALTER TABLE credits DISABLE TRIGGER USER")
            try await ledger.execute("UPDATE credits SET credits = 100")
            #expect(try await ledger.writeLate(plan).written == [user: 50])
        }
    }

    @Test func `who may have to be asked for long keeps nobody else waiting`() async throws {
        var settings = LedgerSettings.patient
        settings.lockWait = .seconds(60)
        try await withLedger(settings, connections: 6) { ledger in
            let users = try await concurrently(3) { _ in try await ledger.newUser() }
            for user in users { _ = try await ledger.perform(add(10), on: user) }
            let answers = try await ledger.pool.withTransaction { connection in
                try await connection.run(
                    "SELECT FROM credits WHERE user_id = \(users[1].rawValue) FOR UPDATE")
                let answers = ledger.answers(
                    toARoundOf: [plain(deduct(50), users[0]), plain(add(1), users[1])])
                #expect(try await eventually { try await ledger.cutWaitingWrite() })
                return answers
            }

            #expect(try await answers[1].first()?.get().only.receipt?.credits == 11)
            #expect(try await ledger.perform(add(1), on: users[2]).credits == 11)
            // Only now can it be told what became of the first: it is written, or is yet to be.
            #expect(try await ledger.perform(add(100), on: users[0]).credits == 110)
            #expect(try await answers[0].first()?.get().only.receipt?.credits == 60)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    /// The first try to ask has the row, and finds nothing; it fails, and the lost write, which
    /// waited for the row, happens before the second try.
    @Test func `who found nothing and failed asks again, because the lost write may be late`()
        async throws
    {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let start = try await ledger.perform(add(1), on: user)
            let requests = [plain(add(7), user)]
            let plan = try plan(requests, after: start)
            try await ledger.execute(Self.failingOnceSomebodyWaits)

            let writer = ledger.deltaWriter()
            let asking = Task { await writer.askedForOutcomes(requests, plan) }
            #expect(try await eventually { try await ledger.isAsleep() })
            try await ledger.writeLate(plan)

            let credits = try await asking.value.map { try $0.get()?.only.receipt?.credits }
            #expect(credits == [8])
            #expect(try await ledger.entries(of: user).map(\.amount) == [1, 7])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    /// Fails the first insert into the ledger as a serialization failure, as soon as a write by
    /// difference waits for a row.
    private static let failingOnceSomebodyWaits = """
        CREATE SEQUENCE tries;
        CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('tries') = 1 THEN
            FOR turn IN 1..3000 LOOP
              PERFORM pg_stat_clear_snapshot();
              EXIT WHEN EXISTS (SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                  AND query LIKE 'WITH way%');
              PERFORM pg_sleep(0.01);
            END LOOP;
            RAISE EXCEPTION 'the first try fails' USING ERRCODE = '40001';
          END IF;
          RETURN NEW;
        END
        $$;
        CREATE TRIGGER fail_once BEFORE INSERT ON credit_transactions
          FOR EACH ROW EXECUTE FUNCTION fail_once();
        """

    private func plain(_ change: Change, _ user: UserID) -> WriteRequest {
        WriteRequest(Command(user: user, change: change))
    }

    /// Of a round that drew its ids and the time right after the receipt's.
    private func plan(
        _ requests: [WriteRequest], after receipt: Receipt
    ) throws -> DeltaPlan {
        let id = try #require(receipt.transactionID)
        return DeltaPlan(
            requests, moment: receipt.lastUpdated.later(by: 1),
            transactionIDs: (1...Int64(requests.count)).map { id + $0 })
    }
}

extension LedgerScene {
    /// The answer to each of the requests, which are submitted in one turn of the loop.
    fileprivate func answers(
        toARoundOf requests: [WriteRequest]
    ) -> [AsyncStream<Result<Decision, LedgerError>>] {
        let answers = requests.map { _ in
            AsyncStream.makeStream(of: Result<Decision, LedgerError>.self)
        }
        loop.execute { [service] in
            for (request, answer) in zip(requests, answers) {
                service.submit(request) {
                    answer.continuation.yield($0)
                    answer.continuation.finish()
                }
            }
        }
        return answers.map(\.stream)
    }

    /// Does what the plan says, as a write does whose answer nobody waits for any more.
    @discardableResult
    fileprivate func writeLate(_ plan: DeltaPlan) async throws -> DeltaPlan.Balances {
        let store = DeltaStore(lockWait: .seconds(60))
        return try await pool.use { connection throws(PostgresError) in
            // The ids of the plan are drawn, so that nobody else draws them.
            _ = try await store.draw(plan.entries.count, on: connection)
            return try await store.write(
                plan, asksForOthers: true, drawing: 0, on: connection
            ).balances
        }
    }

    /// Whether a session of the database sleeps.
    fileprivate func isAsleep() async throws -> Bool {
        try await count(
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event = 'PgSleep'
            """) > 0
    }
}

extension DeltaWriter {
    fileprivate func askedForOutcomes(
        _ requests: [WriteRequest], _ plan: DeltaPlan
    ) async -> [Result<Decision?, LedgerError>] {
        var outcomes: [Result<Decision?, LedgerError>] = []
        for answer in askForOutcomes(requests, plan) { outcomes.append(await answer.settled) }
        return outcomes
    }
}

extension AsyncStream where Element: Sendable {
    fileprivate func first() async -> Element? { await first { _ in true } }
}
