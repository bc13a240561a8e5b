import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Optimistic writes that were sent and never answered, and that may yet happen.
@Suite("Unanswered optimistic writes")
struct OptimisticOutcomeTests {
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

            let results = await ledger.optimist().askForOutcomes(requests, plan)

            let credits = try results.map { try $0.get()?.only.receipt?.credits }
            #expect(credits == (0..<40).map { $0.isMultiple(of: 2) ? 10 : 0 })
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `what happened in the end is answered as it was planned, refusals included`()
        async throws
    {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let start = try await ledger.perform(add(1), on: user)
            let requests = [
                plain(deduct(50), user), plain(add(100), user), plain(deduct(60), user),
            ]
            let plan = try plan(requests, after: start)
            try await ledger.writeLate(plan, after: start)
            _ = try await ledger.perform(add(500), on: user)

            let results = await ledger.optimist().askForOutcomes(requests, plan)

            #expect(try results.map { try $0.get() } == plan.decisions)
            #expect(plan.decisions[0].only == .insufficientCredits(available: 1, requested: 50))
            let amounts = try await ledger.entries(of: user).map(\.amount)
            #expect(amounts == [1, 100, -60, 500])
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

            let optimist = ledger.optimist()
            let asking = Task { await optimist.askForOutcomes(requests, plan) }
            #expect(try await eventually { try await ledger.isAsleep() })
            try await ledger.writeLate(plan, after: start)

            #expect(try await asking.value.map { try $0.get() } == plan.decisions)
            #expect(try await ledger.entries(of: user).map(\.amount) == [1, 7])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    /// Fails the first insert into the ledger as a serialization failure, as soon as an optimistic
    /// write waits for a row.
    private static let failingOnceSomebodyWaits = """
        CREATE SEQUENCE tries;
        CREATE FUNCTION fail_once() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('tries') = 1 THEN
            FOR turn IN 1..3000 LOOP
              PERFORM pg_stat_clear_snapshot();
              EXIT WHEN EXISTS (SELECT FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                  AND query LIKE 'WITH changed%');
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

    /// Ids far above those that the ledger has drawn, as of a round that drew them ahead.
    private func plan(
        _ requests: [WriteRequest], after receipt: Receipt
    ) throws -> OptimisticPlan {
        let known = try #require(KnownBalance(after: receipt))
        let ids = (1...Int64(requests.count)).map { known.transactionID + $0 }
        return OptimisticPlan(
            requests, known: [receipt.user: known], seen: [receipt.user],
            moment: receipt.lastUpdated, transactionIDs: ids)
    }
}

extension LedgerScene {
    /// Does what the plan says, as a write does whose answer nobody waits for any more.
    fileprivate func writeLate(_ plan: OptimisticPlan, after receipt: Receipt) async throws {
        let known = try #require(KnownBalance(after: receipt))
        let store = OptimisticStore(lockWait: .seconds(60))
        try await pool.use { connection throws(PostgresError) in
            // The ids of the plan are drawn, so that nobody else draws them.
            let count = plan.entries.count
            _ = try await store.look(
                at: [], drawing: count, inAnyCase: true, on: connection)
            _ = try await store.write(
                plan, known: [receipt.user: known], drawing: 0, on: connection)
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
