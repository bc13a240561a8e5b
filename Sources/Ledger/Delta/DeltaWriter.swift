import Postgres

/// Makes additions and deductions durable in one round trip, without knowing the balances.
///
/// Theory of operation: `DeltaPlan` says what a round adds to each balance, and for which balances
/// that is right. One statement then does for each user all of it or nothing, and tells what the
/// balances became. A user of whom nothing was written is answered where the balance that the
/// statement saw refuses all that he asked for; everything else is left to the `BatchWriter`, which
/// locks first and is right in any case: somebody who does not exist, a retry under a key, a user
/// whose last entry is a later one than those of this round (of another instance, a grant, psql).
/// Where that is often so, `trust` is withdrawn for a while, and writers go to the `BatchWriter` at
/// once. While nobody is met who is new or refused, nobody of that kind is asked for, and the first
/// of them goes to the `BatchWriter`, too (`DeltaAttention`).
///
/// Transaction ids are drawn a round ahead, because they name what was written where the answer is
/// lost; so is the database's clock. Nothing else is remembered, and rounds may go side by side.
actor DeltaWriter {
    private let pool: ConnectionPool
    let fallback: BatchWriter
    private let counters: LedgerCounters
    private let now: @Sendable () -> ContinuousClock.Instant
    private let store: DeltaStore
    private var ids = DrawnIDs()
    private var clock: DatabaseClock?
    private var attention: DeltaAttention
    nonisolated let trust = DeltaTrust()
    private nonisolated let executor: any SerialExecutor & TaskExecutor

    /// Larger rounds gain nothing side by side: they fill the time that the other waits for its
    /// commit by growing, and where they share users one waits for the other's rows.
    static let fewRequests = 8

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Sound because the actor holds its executor for as long as it lives.
        unsafe executor.asUnownedSerialExecutor()
    }

    init(
        fallback: BatchWriter, on executor: any SerialExecutor & TaskExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant,
        attention: DeltaAttention = DeltaAttention()
    ) {
        self.attention = attention
        pool = fallback.pool
        counters = fallback.counters
        self.fallback = fallback
        store = DeltaStore(lockWait: fallback.settings.lockWait)
        self.executor = executor
        self.now = now
    }

    /// As many results as requests, in their order.
    ///
    /// - Precondition: The requests are additions and deductions, see `WriteRequest.isDelta`.
    func write(_ requests: [WriteRequest]) async -> [Result<DeltaAnswer, LedgerError>] {
        let round: Round
        do {
            round = try await pool.use { connection throws(PostgresError) in
                try await self.write(requests, on: connection)
            }
        } catch {
            // Nothing was written: a draw or a login failed.
            return requests.map { _ in Self.answer(after: error) }
        }
        switch round {
        case .ended(let results):
            let answered = results.count { $0.isAnswer }
            if answered > 0 { counters.writeBatches.record(answered) }
            return results
        case .unanswered(let plan):
            return askForOutcomes(requests, plan).map { .success($0) }
        case .blocked:
            await fallback.noteLocked(of: requests)
            return requests.map { _ in .success(.left) }
        }
    }

    private enum Round: Sendable {
        case ended([Result<DeltaAnswer, LedgerError>])
        /// The connection was lost between the write and its answer.
        case unanswered(DeltaPlan)
        /// Somebody keeps a row locked; nothing was written.
        case blocked
    }

    /// Learns of the entries that the `BatchWriter` made.
    func note(_ decision: Decision) {
        guard case .judged(let outcomes) = decision else { return }
        for case .applied(let receipt) in outcomes {
            if let id = receipt.transactionID { ids.note(id, of: receipt.user) }
            // A transfer's other side.
            if let other = receipt.related { ids.note(other.transactionID, of: other.user) }
        }
    }

    // MARK: A round

    private func write(
        _ requests: [WriteRequest], on connection: Connection
    ) async throws(PostgresError) -> Round {
        let draw = try await draw(for: requests, on: connection)
        let plan = DeltaPlan(
            requests, moment: draw.moment, transactionIDs: draw.transactionIDs)
        guard !plan.entries.isEmpty else { return .ended(requests.map { _ in .success(.left) }) }
        do throws(PostgresError) {
            let (balances, draw) = try await store.write(
                plan, asksForOthers: attention.isPaid,
                drawing: shortage(after: requests.count), on: connection)
            note(draw)
            return .ended(settle(plan, balances))
        } catch {
            // What was drawn by a transaction that may not be durable is not used.
            ids = DrawnIDs()
            clock = nil
            guard error.sqlState != .lockNotAvailable else { return .blocked }
            return error.leavesOutcomeOpen
                ? .unanswered(plan) : .ended(requests.map { _ in Self.answer(after: error) })
        }
    }

    /// From what is there, mostly.
    private func draw(
        for requests: [WriteRequest], on connection: Connection
    ) async throws(PostgresError) -> DeltaStore.Draw {
        if let moment = clock?.next(at: now()), let ids = ids.take(requests.count, for: requests) {
            return DeltaStore.Draw(transactionIDs: ids, moment: moment)
        }
        let draw = try await store.draw(requests.count, on: connection)
        hear(draw.moment)
        ids.use(draw.transactionIDs)
        return DeltaStore.Draw(
            transactionIDs: draw.transactionIDs, moment: clock?.next(at: now()) ?? draw.moment)
    }

    /// How many ids to draw along with a write: a round that is as large, or not quite twice, then
    /// needs no others, nor do those that may go beside it. To draw them by themselves would cost a
    /// round trip.
    private func shortage(after count: Int) -> Int {
        let rounds = count <= Self.fewRequests ? fallback.settings.writeRounds : 1
        return max(0, (2 * count - 1) * rounds - ids.count)
    }

    private func note(_ draw: DeltaStore.Draw) {
        ids.add(draw.transactionIDs)
        hear(draw.moment)
    }

    private func hear(_ moment: Timestamp) {
        let now = now()
        if clock == nil { clock = DatabaseClock(moment, at: now) }
        clock?.hear(moment, at: now)
    }

    private func settle(
        _ plan: DeltaPlan, _ balances: DeltaPlan.Balances
    ) -> [Result<DeltaAnswer, LedgerError>] {
        attention.note(hasMet: balances.written.count < plan.ways.count)
        let answers = plan.answers(on: balances)
        let failures = balances.left.isEmpty ? 0 : plan.users(without: answers).count
        if failures > 0 { counters.batchIsTriedAgain() }
        trust.weigh(successes: balances.written.count, failures: failures)
        return answers.map { .success(DeltaAnswer($0)) }
    }

    private static func answer(after error: PostgresError) -> Result<DeltaAnswer, LedgerError> {
        switch error.disposition {
        case .transient, .refused: .success(.left)
        case .databaseAway, .overloaded: .failure(error.ledgerErrorOfRead)
        }
    }
}

extension Result<DeltaAnswer, LedgerError> {
    fileprivate var isAnswer: Bool {
        if case .success(.decided) = self { true } else { false }
    }
}
