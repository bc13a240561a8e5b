/// The way of a write: plain ones may take the short one, and everything else, as well as what
/// fails on the short one, goes by the locks.
///
/// Each way is a gatherer, with one connection while a round is under way, and the two do not wait
/// for each other: where they meet at a user's row, the database has one wait, and the comparison
/// tells the other.
struct WriteLane: Sendable {
    private let locking: Gatherer<WriteRequest, Decision>
    private let optimistic: Gatherer<WriteRequest, Decision?>
    private let optimist: OptimisticWriter

    init(
        writer: BatchWriter, settings: LedgerSettings,
        on executor: any SerialExecutor & TaskExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        locking = Gatherer(
            limits: .init(batch: settings.batchSize, queue: settings.queueDepth), on: executor,
            weigh: { $0.commands.count }
        ) {
            writer.counters.writeBatches.record($0.reduce(0) { $0 + $1.commands.count })
            return await writer.write($0)
        }
        let optimist = OptimisticWriter(
            fallback: writer, capacity: settings.rememberedUsers / settings.writeLanes,
            on: executor, now: now)
        optimistic = Gatherer(
            limits: .init(batch: settings.batchSize, queue: settings.queueDepth), on: executor
        ) { await optimist.write($0) }
        self.optimist = optimist
    }

    /// The decision is brought on the lane's executor.
    func submit(
        _ request: WriteRequest, then receive: @escaping Receiver<Result<Decision, LedgerError>>
    ) {
        guard request.isPlain else { return locking.submit(request, then: receive) }
        guard optimist.trust.isGiven else { return lock(request, then: receive) }
        optimistic.submit(request) { result in
            switch result {
            case .success(let decision?): receive(.success(decision))
            case .success(nil): lock(request, then: receive)
            case .failure(let error): receive(.failure(error))
            }
        }
    }

    /// A plain request by the locks: what it leaves behind is remembered before it is answered.
    private func lock(
        _ request: WriteRequest, then receive: @escaping Receiver<Result<Decision, LedgerError>>
    ) {
        locking.submit(request) { result in
            if case .success(let decision) = result, case .applied(let receipt) = decision.only {
                optimist.assumeIsolated { $0.note(receipt) }
            }
            receive(result)
        }
    }

    /// Commands that wait for their round, to be read from anywhere.
    var waitingNow: Int { locking.waitingNow + optimistic.waitingNow }
}
