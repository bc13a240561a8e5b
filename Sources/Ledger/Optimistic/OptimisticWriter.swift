import Postgres

/// Makes plain writes durable in one round trip, by what is remembered of their users.
///
/// Theory of operation: a write leaves a balance behind, and the next one of the same user need not
/// ask for it. The rules decide by the balance that is known; one statement then compares, for each
/// user, the row with what is known of it and writes balance and entries where they agree. Where
/// they do not (another instance, a grant or psql has been there) nothing of that user is written,
/// and the answer is nil: the request goes to the `BatchWriter`, which locks first and is right in
/// any case. Users of whom nothing is known are looked up first, without a lock, which makes two
/// round trips. A refusal is answered only by a balance that was read after the request had come.
///
/// Memory is worth its while where one instance sees most of a user's writes. Where comparisons
/// fail often, `trust` is withdrawn for a while, and writers go to the `BatchWriter` at once.
///
/// Rounds follow one another; between them only `note` comes in.
actor OptimisticWriter {
    private let pool: ConnectionPool
    let fallback: BatchWriter
    private let counters: LedgerCounters
    private let now: @Sendable () -> ContinuousClock.Instant
    private let store: OptimisticStore
    private var cache: BalanceCache
    /// Drawn and not used: ascending.
    private var ids: ArraySlice<Int64> = []
    private var clock: DatabaseClock?
    nonisolated let trust = OptimisticTrust()
    private nonisolated let executor: any SerialExecutor & TaskExecutor

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Sound because the actor holds its executor for as long as it lives.
        unsafe executor.asUnownedSerialExecutor()
    }

    init(
        fallback: BatchWriter, capacity: Int, on executor: any SerialExecutor & TaskExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        pool = fallback.pool
        counters = fallback.counters
        self.fallback = fallback
        store = OptimisticStore(lockWait: fallback.settings.lockWait)
        cache = BalanceCache(capacity: capacity)
        self.executor = executor
        self.now = now
    }

    /// As many results as requests, in their order; nil for what the `BatchWriter` has to do.
    ///
    /// - Precondition: The requests are plain ones.
    func write(_ requests: [WriteRequest]) async -> [Result<Decision?, LedgerError>] {
        let round: Round
        do {
            round = try await pool.use { connection throws(PostgresError) in
                try await self.write(requests, on: connection)
            }
        } catch {
            // Nothing was written: a look or a login failed.
            return requests.map { _ in Self.answer(after: error) }
        }
        switch round {
        case .ended(let results):
            let answered = results.count { $0.isAnswer }
            if answered > 0 { counters.writeBatches.record(answered) }
            return results
        case .unanswered(let plan):
            return await askForOutcomes(requests, plan)
        case .blocked:
            await fallback.noteLocked(of: requests)
            return requests.map { _ in .success(nil) }
        }
    }

    private enum Round: Sendable {
        case ended([Result<Decision?, LedgerError>])
        /// The connection was lost between the write and its answer.
        case unanswered(OptimisticPlan)
        /// Somebody keeps a row locked; nothing was written.
        case blocked
    }

    /// Remembers what the `BatchWriter` left behind, unless something newer is known.
    func note(_ receipt: Receipt) {
        guard let known = KnownBalance(after: receipt) else { return }
        if let newer = cache.find(receipt.user), newer.transactionID > known.transactionID {
            return
        }
        cache.remember(known, of: receipt.user)
        // What was drawn before can follow no more.
        if let next = ids.first, next < known.transactionID { ids = [] }
    }

    // MARK: A round

    private func write(
        _ requests: [WriteRequest], on connection: Connection
    ) async throws(PostgresError) -> Round {
        var known: [UserID: KnownBalance] = [:]
        let plan = try await plan(requests, &known, on: connection)
        guard !plan.entries.isEmpty else {
            return .ended(plan.answers(changed: []).map { .success($0) })
        }
        ids.removeFirst(plan.idCount)
        do throws(PostgresError) {
            let (changed, draw) = try await store.write(
                plan, known: known, drawing: shortage(after: requests.count), on: connection)
            note(draw)
            return .ended(settle(plan, changed: changed))
        } catch {
            // What was drawn by a transaction that may not be durable is not used.
            forgetDraws()
            for entry in plan.last { cache.forget(entry.user) }
            guard error.sqlState != .lockNotAvailable else { return .blocked }
            return error.leavesOutcomeOpen
                ? .unanswered(plan) : .ended(requests.map { _ in Self.answer(after: error) })
        }
    }

    /// Looks until enough is known of every user, or there is no more to be known.
    private func plan(
        _ requests: [WriteRequest], _ known: inout [UserID: KnownBalance],
        on connection: Connection
    ) async throws(PostgresError) -> OptimisticPlan {
        var wanted: Set<UserID> = []
        for request in requests {
            let user = request.commands[0].user
            known[user] = remembered(user)
            if known[user] == nil { wanted.insert(user) }
        }
        var seen: Set<UserID> = []
        while true {
            let idCount = known.isEmpty ? 0 : requests.count
            var moment = clock?.time(at: now())
            if !wanted.isEmpty || ids.count < idCount || moment == nil {
                moment = try await look(
                    at: wanted, &known, drawing: requests.count, on: connection)
                seen.formUnion(wanted)
            }
            // A user may vanish between the look and the draw.
            guard known.isEmpty || ids.count >= requests.count else {
                wanted = []
                continue
            }
            let plan = OptimisticPlan(
                requests, known: known, seen: seen, moment: moment ?? .earliest,
                transactionIDs: Array(ids.prefix(requests.count)))
            wanted = plan.open.subtracting(seen)
            if wanted.isEmpty { return plan }
        }
    }

    /// Only what is older than the ids that its next entry may get.
    private func remembered(_ user: UserID) -> KnownBalance? {
        guard let known = cache.find(user), let next = ids.first, known.transactionID < next else {
            return nil
        }
        return known
    }

    private func look(
        at users: Set<UserID>, _ known: inout [UserID: KnownBalance], drawing count: Int,
        on connection: Connection
    ) async throws(PostgresError) -> Timestamp {
        forgetDraws()
        let (found, draw) = try await store.look(
            at: users.sorted(), drawing: count, inAnyCase: !known.isEmpty, on: connection)
        for user in users { known[user] = found[user] }
        note(draw)
        return draw.moment
    }

    /// How many ids to draw along with a write: a round that is as large, or not quite twice, then
    /// needs no others. A lone client's ids follow one another.
    private func shortage(after count: Int) -> Int {
        max(0, 2 * count - 1 - ids.count)
    }

    private func note(_ draw: OptimisticStore.Draw) {
        ids.append(contentsOf: draw.transactionIDs)
        clock = DatabaseClock(draw.moment, at: now())
    }

    private func forgetDraws() {
        ids = []
        clock = nil
    }

    // MARK: Answers

    private func settle(
        _ plan: OptimisticPlan, changed: [Int64]
    ) -> [Result<Decision?, LedgerError>] {
        let changed = Set(changed)
        for entry in plan.last {
            if changed.contains(entry.user.rawValue) {
                cache.remember(KnownBalance(after: entry), of: entry.user)
            } else {
                cache.forget(entry.user)
            }
        }
        let failures = plan.last.count - changed.count
        if failures > 0 { counters.batchIsTriedAgain() }
        trust.weigh(successes: changed.count, failures: failures)
        return plan.answers(changed: changed).map { .success($0) }
    }

    private static func answer(after error: PostgresError) -> Result<Decision?, LedgerError> {
        switch error.disposition {
        case .transient, .refused: .success(nil)
        case .databaseAway, .overloaded: .failure(error.ledgerErrorOfRead)
        }
    }
}

extension Result<Decision?, LedgerError> {
    fileprivate var isAnswer: Bool {
        if case .success(.some) = self { true } else { false }
    }
}
