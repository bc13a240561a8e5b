import Logging
import Postgres

/// Makes a batch of requests durable: load, decide, write, commit, and the whole again where
/// another writer or a lost connection came between.
///
/// Theory of operation: an attempt is one transaction. A server's refusal that another try may
/// overcome (deadlock, serialization failure, a row that another instance inserted first) starts
/// the next attempt from the load. Where the connection is lost after COMMIT was sent, nobody knows
/// whether it happened: the attempt becomes a suspect, and the next one first asks, under the same
/// row locks, whether one of its entries stands in the ledger. If it does, the batch was committed
/// and its decisions are the answers; if not, it never will be, because the locks are ours now.
/// (Where a user had no row to lock, the insert of that row collides with the suspect's, and we ask
/// again. A write by difference that was not answered stays a suspect until its user's balance has
/// been written: what is refused before that is asked again, for it may yet happen.)
///
/// A row that somebody else has locked for longer than a commit takes holds up only those who need
/// it: they are set aside, and the others are written without them.
struct BatchWriter: Sendable {
    let pool: ConnectionPool
    let settings: LedgerSettings
    let counters: LedgerCounters
    let logger: Logger
    let lockedUsers = LockedUsers()
    let store: WriteStore

    init(
        pool: ConnectionPool, settings: LedgerSettings, counters: LedgerCounters, logger: Logger
    ) {
        self.pool = pool
        self.settings = settings
        self.counters = counters
        self.logger = logger
        store = WriteStore(lockWait: settings.lockWait)
    }

    /// As many results as requests, in their order; nil for those who were set aside, of whom
    /// nothing is written. Whose rows it is for stands in `lockedUsers`.
    func write(_ requests: [WriteRequest]) async -> [Result<Decision?, LedgerError>] {
        await write(requests, after: [])
    }

    /// Writes a user's requests that a write by difference, which was never answered, may have
    /// written already: then its `decisions` are the answers.
    ///
    /// - Parameter first: the first entry that it was to make of the user.
    func write(
        _ requests: [WriteRequest], unlessAdded first: LedgerEntry, decisions: [Decision]
    ) async -> [Result<Decision?, LedgerError>] {
        let commit = UnansweredCommit(suspect: first, decisions: decisions, holdsLocks: false)
        return await write(requests, after: [commit])
    }

    private func write(
        _ requests: [WriteRequest], after commits: [UnansweredCommit]
    ) async -> [Result<Decision?, LedgerError>] {
        var retry = RetryPolicy(settings: settings)
        var unanswered = commits
        while true {
            do {
                return try await attempt(requests, after: unanswered).map { .success($0) }
            } catch {
                if error.unanswered.first?.id != unanswered.first?.id { retry.asksAnew() }
                unanswered = error.unanswered
                logger.debug("batch not written", metadata: ["error": "\(error.cause)"])
                if unanswered.isEmpty, error.cause.sqlState == .lockNotAvailable,
                    let results = await writeWithoutLocked(requests)
                {
                    return results
                }
                switch retry.decide(on: error.cause, isOutcomeKnown: unanswered.isEmpty) {
                case .tryAgain(let pause):
                    counters.batchIsTriedAgain()
                    // Only cancellation ends a sleep early, and a lane is not cancelled.
                    try? await Task.sleep(for: pause)
                case .tryEachAlone where requests.count > 1:
                    return await writeEachAlone(requests)
                case .tryEachAlone:
                    return [.failure(error.cause.ledgerError)]
                case .giveUp(let reason):
                    logger.error("batch given up", metadata: ["error": "\(error.cause)"])
                    return requests.map { .failure($0.isDryRun ? reason.ofDryRun : reason) }
                }
            }
        }
    }

    /// What one request brings upon a batch must not fail its neighbours.
    private func writeEachAlone(
        _ requests: [WriteRequest]
    ) async -> [Result<Decision?, LedgerError>] {
        var results: [Result<Decision?, LedgerError>] = []
        for request in requests { results += await write([request]) }
        return results
    }

    private func attempt(
        _ requests: [WriteRequest], after unanswered: [UnansweredCommit]
    ) async throws(FailedAttempt) -> [Decision] {
        let result: Result<[Decision], FailedAttempt>
        do {
            // A round of the short way that was lost is asked for user by user, all at once.
            result = try await pool.use(givingWay: unanswered.contains { !$0.holdsLocks }) {
                connection in
                await attempt(requests, after: unanswered, on: connection)
            }
        } catch {
            // No connection to be had: nothing was sent.
            throw FailedAttempt(cause: error, unanswered: unanswered)
        }
        return try result.get()
    }

    private func attempt(
        _ requests: [WriteRequest], after unanswered: [UnansweredCommit],
        on connection: Connection
    ) async -> Result<[Decision], FailedAttempt> {
        var unanswered = unanswered
        var own: UnansweredCommit?
        do {
            let locked = try await store.lock(
                requests.flatMap(\.commands), suspects: unanswered.map(\.suspect),
                on: connection)
            for commit in unanswered {
                guard let balance = locked.balance(after: commit.suspect) else { continue }
                try await store.commitNothing(on: connection)
                return .success(commit.decisions(from: balance))
            }
            unanswered.removeAll { $0.holdsLocks && locked.rulesOut($0.suspect) }
            var rules = CreditRules(
                state: locked.state, moment: locked.moment,
                transactionIDs: locked.transactionIDs)
            let decisions = requests.map { rules.decide($0) }
            guard let first = rules.entries.first else {
                try await end(decisions, on: connection)
                guard unanswered.isEmpty || !decisions.contains(where: \.hasRefusal) else {
                    let cause = PostgresError.outcomeUnknown("what is refused may yet happen")
                    return .failure(FailedAttempt(cause: cause, unanswered: unanswered))
                }
                return .success(decisions)
            }
            own = UnansweredCommit(suspect: first, decisions: decisions, holdsLocks: true)
            try await store.commit(rules, on: connection)
            return .success(decisions)
        } catch {
            let isOpen = await leavesOutcomeOpen(error, on: connection)
            if isOpen, let own { unanswered.append(own) }
            return .failure(FailedAttempt(cause: error, unanswered: unanswered))
        }
    }

    /// Ends a transaction in which there was nothing to write. A replay is as good as a first
    /// answer only where what it tells of is as durable.
    private func end(
        _ decisions: [Decision], on connection: Connection
    ) async throws(PostgresError) {
        if decisions.contains(where: \.hasReplay) {
            try await store.commitNothing(on: connection)
        } else {
            try await store.rollBack(on: connection)
        }
    }

    /// Leaves the connection clean, or closed, and says whether a commit on it may have happened
    /// all the same.
    private func leavesOutcomeOpen(_ error: PostgresError, on connection: Connection) async -> Bool
    {
        guard case .server(let message) = error, !message.leavesOutcomeOpen else {
            // Whatever state it is in, nobody waits for its answer any more.
            await connection.close()
            return true
        }
        do {
            try await store.rollBack(on: connection)
        } catch {
            await connection.close()
        }
        return false
    }
}

extension LedgerError {
    /// What does not move anything has no outcome that could be unknown.
    fileprivate var ofDryRun: LedgerError {
        if case .outcomeUnknown = self { .unavailable } else { self }
    }
}
