/// The way of a write: additions and deductions take the short one, and everything else, as well as
/// what fails on the short one, goes by the locks. Who needs a row that somebody else keeps locked
/// waits on a third way, where nobody else does.
///
/// Each way is a gatherer, with a connection for each round that is under way, and they do not wait
/// for each other: where they meet at a user's row, the database has one wait.
struct WriteLane: Sendable {
    typealias DecisionReceiver = Receiver<Result<Decision, LedgerError>>

    private let locking: Gatherer<WriteRequest, Decision?>
    private let short: Gatherer<WriteRequest, DeltaAnswer>
    private let patient: Gatherer<WriteRequest, Decision?>
    private let deltas: DeltaWriter
    private let lockedUsers: LockedUsers
    private let patience: Duration
    private let executor: any SerialExecutor & TaskExecutor
    private let now: @Sendable () -> ContinuousClock.Instant

    init(
        writer: BatchWriter, settings: LedgerSettings,
        on executor: any SerialExecutor & TaskExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        let (batch, queue) = (settings.batchSize, settings.queueDepth)
        let times = writer.counters.writeRounds
        locking = Gatherer(
            limits: .init(batch: batch, queue: queue), on: executor, weigh: { $0.commands.count }
        ) { requests in
            writer.counters.writeBatches.record(requests.reduce(0) { $0 + $1.commands.count })
            return await times.timing(by: now) { await writer.write(requests) }
        }
        patient = Gatherer(
            limits: .init(batch: batch, queue: queue), on: executor, weigh: { $0.commands.count }
        ) { await writer.writeUnlocked($0) }
        let deltas = DeltaWriter(
            fallback: writer, on: executor, now: now)
        short = Gatherer(
            limits: .init(
                batch: batch, queue: queue, rounds: settings.writeRounds,
                besideAtMost: DeltaWriter.fewRequests), on: executor
        ) { requests in
            await times.timing(by: now) { await deltas.write(requests) }
        }
        self.deltas = deltas
        self.executor = executor
        self.now = now
        patience = settings.lockPatience
        lockedUsers = writer.lockedUsers
    }

    /// The decision is brought on the lane's executor.
    func submit(_ request: WriteRequest, then receive: @escaping DecisionReceiver) {
        unlessHeldUp(request, .first, then: receive)
    }

    private enum Attempt {
        case first
        /// The short way has failed.
        case second
    }

    private func unlessHeldUp(
        _ request: WriteRequest, _ attempt: Attempt, then receive: @escaping DecisionReceiver
    ) {
        guard lockedUsers.areSome else { return write(request, attempt, then: receive) }
        Task(executorPreference: executor) {
            if await lockedUsers.concern(request) {
                waitPatiently(request, until: now() + patience, then: receive)
            } else {
                write(request, attempt, then: receive)
            }
        }
    }

    private func write(
        _ request: WriteRequest, _ attempt: Attempt, then receive: @escaping DecisionReceiver
    ) {
        guard attempt == .first, request.isDelta, deltas.trust.isGiven else {
            return lock(request, then: receive)
        }
        short.submit(request) { result in
            switch result {
            case .success(.decided(let decision)): receive(.success(decision))
            // Somebody's lock may be what it failed for.
            case .success(.left): unlessHeldUp(request, .second, then: receive)
            case .success(.unanswered(let lost)):
                Task(executorPreference: executor) {
                    written(request, await lost.outcome, then: receive)
                }
            case .failure(let error): receive(.failure(error))
            }
        }
    }

    private func lock(_ request: WriteRequest, then receive: @escaping DecisionReceiver) {
        locking.submit(request) { written(request, $0, then: receive) }
    }

    /// By the locks. Who writes next by difference has to know that there are later entries.
    private func written(
        _ request: WriteRequest, _ result: Result<Decision?, LedgerError>,
        then receive: @escaping DecisionReceiver
    ) {
        switch result {
        case .success(let decision?):
            deltas.assumeIsolated { $0.note(decision) }
            receive(.success(decision))
        case .success(nil): waitPatiently(request, until: now() + patience, then: receive)
        case .failure(let error): receive(.failure(error))
        }
    }

    /// Looks again and again, and lets others look meanwhile, instead of waiting for a lock: who
    /// waits for one holds the rows that he has already.
    private func waitPatiently(
        _ request: WriteRequest, until end: ContinuousClock.Instant,
        pause: Duration = .milliseconds(10), then receive: @escaping DecisionReceiver
    ) {
        patient.submit(request) { result in
            switch result {
            case .success(let decision?): receive(.success(decision))
            case .success(nil) where now() >= end: receive(.failure(.unavailable))
            case .success(nil):
                Task(executorPreference: executor) {
                    // Only cancellation ends a sleep early, and this task is not cancelled.
                    try? await Task.sleep(for: pause)
                    let next = min(pause * 2, .milliseconds(160))
                    waitPatiently(request, until: end, pause: next, then: receive)
                }
            case .failure(let error): receive(.failure(error))
            }
        }
    }

    /// Commands that wait for their round, to be read from anywhere.
    var waitingNow: Int { locking.waitingNow + short.waitingNow + patient.waitingNow }
}
