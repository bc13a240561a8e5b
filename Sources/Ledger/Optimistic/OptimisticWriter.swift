import Postgres
import Synchronization

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
/// fail often, `isWorthwhile` turns false for a while, and writers go to the `BatchWriter` at once.
///
/// Rounds follow one another; between them only `note` comes in.
actor OptimisticWriter {
    private let pool: ConnectionPool
    private let fallback: BatchWriter
    private let counters: LedgerCounters
    private let now: @Sendable () -> ContinuousClock.Instant
    private let store = OptimisticStore()
    private var cache: BalanceCache
    /// Drawn and not used: ascending.
    private var ids: ArraySlice<Int64> = []
    private var clock: DatabaseClock?
    private nonisolated let trust = Atomic<Int>(mostTrust)
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
        cache = BalanceCache(capacity: capacity)
        self.executor = executor
        self.now = now
    }

    /// As many results as requests, in their order; nil for what the `BatchWriter` has to do.
    ///
    /// - Precondition: The requests are plain ones.
    func write(_ requests: [WriteRequest]) async -> [Result<Decision?, LedgerError>] {
        do {
            let results = try await pool.use { connection throws(PostgresError) in
                try await self.write(requests, on: connection)
            }
            let answered = results.count { $0.isAnswer }
            if answered > 0 { counters.writeBatches.record(answered) }
            return results
        } catch {
            // Nothing was written: a look or a login failed.
            return requests.map { _ in Self.answer(after: error) }
        }
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
    ) async throws(PostgresError) -> [Result<Decision?, LedgerError>] {
        var known: [UserID: KnownBalance] = [:]
        let plan = try await plan(requests, &known, on: connection)
        guard !plan.entries.isEmpty else { return Self.answers(to: requests, plan, changed: []) }
        ids.removeFirst(plan.idCount)
        do throws(PostgresError) {
            let (changed, draw) = try await store.write(
                plan, known: known, drawing: shortage(after: requests.count), on: connection)
            note(draw)
            return settle(requests, plan, changed: changed)
        } catch {
            // What was drawn by a transaction that may not be durable is not used.
            forgetDraws()
            for entry in plan.last { cache.forget(entry.user) }
            guard error.leavesOutcomeOpen else {
                return requests.map { _ in Self.answer(after: error) }
            }
            return await askForOutcomes(requests, plan)
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
        _ requests: [WriteRequest], _ plan: OptimisticPlan, changed: [Int64]
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
        weigh(successes: changed.count, failures: failures)
        return Self.answers(to: requests, plan, changed: changed)
    }

    private static func answers(
        to requests: [WriteRequest], _ plan: OptimisticPlan, changed: Set<Int64>
    ) -> [Result<Decision?, LedgerError>] {
        var stranded = plan.open
        if changed.count < plan.last.count {
            for entry in plan.last where !changed.contains(entry.user.rawValue) {
                stranded.insert(entry.user)
            }
        }
        return zip(requests, plan.decisions).map { request, decision in
            .success(stranded.contains(request.commands[0].user) ? nil : decision)
        }
    }

    /// The connection was lost between the write and its answer. Whether it happened is known only
    /// for each user by himself.
    private func askForOutcomes(
        _ requests: [WriteRequest], _ plan: OptimisticPlan
    ) async -> [Result<Decision?, LedgerError>] {
        await withTaskGroup(of: (Int, Result<Decision?, LedgerError>).self) { group in
            for (index, request) in requests.enumerated() {
                guard let entry = plan.entry(ofRequest: index) else { continue }
                let decision = plan.decisions[index]
                group.addTask { [fallback] in
                    let result = await fallback.write(
                        request, unlessCommitted: entry, decision: decision)
                    return (index, result.map { $0 })
                }
            }
            var results = requests.map { _ in Result<Decision?, LedgerError>.success(nil) }
            for await (index, result) in group { results[index] = result }
            return results
        }
    }

    private static func answer(after error: PostgresError) -> Result<Decision?, LedgerError> {
        switch error.disposition {
        case .transient, .refused: .success(nil)
        case .databaseAway, .overloaded: .failure(error.ledgerErrorOfRead)
        }
    }
}

// MARK: - Whether it is worthwhile

extension OptimisticWriter {
    /// A failed comparison costs as much as some eight that succeed save.
    private static let costOfFailure = 8
    private static let mostTrust = 64
    /// So many writes go elsewhere before it is tried again.
    private static let pause = 1024

    /// To be asked before each write, from any thread.
    nonisolated var isWorthwhile: Bool {
        guard trust.load(ordering: .relaxed) < 0 else { return true }
        trust.wrappingAdd(1, ordering: .relaxed)
        return false
    }

    private nonisolated func weigh(successes: Int, failures: Int) {
        let old = trust.load(ordering: .relaxed)
        let new = min(old + successes, Self.mostTrust) - failures * Self.costOfFailure
        trust.store(new < 0 && old >= 0 ? -Self.pause : new, ordering: .relaxed)
    }
}

extension Result<Decision?, LedgerError> {
    fileprivate var isAnswer: Bool {
        if case .success(.some) = self { true } else { false }
    }
}

extension PostgresError {
    /// Whether what was sent may have been committed.
    fileprivate var leavesOutcomeOpen: Bool {
        switch self {
        case .outcomeUnknown, .cannotDecode: true
        case .server(let message): message.leavesOutcomeOpen
        case .cannotConnect, .connectionLost, .deadlineExceeded, .cancelled, .poolExhausted,
            .poolClosed, .rolledBack, .notSendable:
            false
        }
    }
}
