/// The way of a write: plain ones may take the short one, and everything else, as well as what
/// fails on the short one, goes by the locks. Who needs a row that somebody else keeps locked waits
/// on a third way, where nobody else does.
///
/// Each way is a gatherer, with one connection while a round is under way, and they do not wait for
/// each other: where they meet at a user's row, the database has one wait, and the comparison tells
/// the other.
struct WriteLane: Sendable {
    private let locking: Gatherer<WriteRequest, Decision?>
    private let optimistic: Gatherer<WriteRequest, Decision?>
    private let patient: Gatherer<WriteRequest, Decision>
    private let optimist: OptimisticWriter
    private let lockedUsers: LockedUsers
    private let executor: any SerialExecutor & TaskExecutor

    init(
        writer: BatchWriter, settings: LedgerSettings,
        on executor: any SerialExecutor & TaskExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        let (batch, queue) = (settings.batchSize, settings.queueDepth)
        locking = Gatherer(
            limits: .init(batch: batch, queue: queue), on: executor, weigh: { $0.commands.count }
        ) {
            writer.counters.writeBatches.record($0.reduce(0) { $0 + $1.commands.count })
            return await writer.write($0)
        }
        patient = Gatherer(
            limits: .init(batch: batch, queue: queue), on: executor, weigh: { $0.commands.count }
        ) { await writer.writePatiently($0) }
        let optimist = OptimisticWriter(
            fallback: writer, capacity: settings.rememberedUsers / settings.writeLanes,
            on: executor, now: now)
        optimistic = Gatherer(limits: .init(batch: batch, queue: queue), on: executor) {
            await optimist.write($0)
        }
        self.optimist = optimist
        self.executor = executor
        lockedUsers = writer.lockedUsers
    }

    /// The decision is brought on the lane's executor.
    func submit(
        _ request: WriteRequest, then receive: @escaping Receiver<Result<Decision, LedgerError>>
    ) {
        unlessHeldUp(request, then: receive) {
            guard request.isPlain, optimist.trust.isGiven else {
                return lock(request, then: receive)
            }
            optimistic.submit(request) { result in
                switch result {
                case .success(let decision?): receive(.success(decision))
                case .success(nil):
                    // Somebody's lock may be what it failed for.
                    unlessHeldUp(request, then: receive) { lock(request, then: receive) }
                case .failure(let error): receive(.failure(error))
                }
            }
        }
    }

    private func unlessHeldUp(
        _ request: WriteRequest, then receive: @escaping Receiver<Result<Decision, LedgerError>>,
        _ work: @escaping @Sendable () -> Void
    ) {
        guard lockedUsers.areSome else { return work() }
        Task(executorPreference: executor) {
            guard await lockedUsers.concern(request) else { return work() }
            patient.submit(request, then: receive)
        }
    }

    /// What a plain request leaves behind by the locks is remembered before it is answered.
    private func lock(
        _ request: WriteRequest, then receive: @escaping Receiver<Result<Decision, LedgerError>>
    ) {
        locking.submit(request) { result in
            switch result {
            case .success(let decision?):
                if request.isPlain, case .applied(let receipt) = decision.only {
                    optimist.assumeIsolated { $0.note(receipt) }
                }
                receive(.success(decision))
            case .success(nil): patient.submit(request, then: receive)
            case .failure(let error): receive(.failure(error))
            }
        }
    }

    /// Commands that wait for their round, to be read from anywhere.
    var waitingNow: Int { locking.waitingNow + optimistic.waitingNow + patient.waitingNow }
}
