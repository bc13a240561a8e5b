import Logging
import Postgres

/// Makes a batch of commands durable: load, decide, write, commit, and the whole again where
/// another writer or a lost connection came between.
///
/// Theory of operation: an attempt is one transaction. A server's refusal that another try may
/// overcome (deadlock, serialization failure, a row that another instance inserted first) starts
/// the next attempt from the load. Where the connection is lost after COMMIT was sent, nobody knows
/// whether it happened: the attempt becomes a suspect, and the next one first asks, under the same
/// row locks, whether one of its entries stands in the ledger. If it does, the batch was committed
/// and its outcomes are the answers; if not, it never will be, because the locks are ours now.
/// (Where a user had no row to lock, the insert of that row collides with the suspect's, and we ask
/// again.)
struct BatchWriter: Sendable {
    let pool: ConnectionPool
    let settings: LedgerSettings
    let logger: Logger
    private let store = WriteStore()

    init(pool: ConnectionPool, settings: LedgerSettings, logger: Logger) {
        self.pool = pool
        self.settings = settings
        self.logger = logger
    }

    /// As many results as commands, in their order.
    func write(_ commands: [Command]) async -> [Result<Outcome, LedgerError>] {
        var retry = RetryPolicy(settings: settings)
        var unanswered: [UnansweredCommit] = []
        while true {
            do {
                return try await attempt(commands, after: unanswered).map { .success($0) }
            } catch {
                unanswered = error.unanswered
                logger.debug("batch not written", metadata: ["error": "\(error.cause)"])
                switch retry.decide(on: error.cause, isOutcomeKnown: unanswered.isEmpty) {
                case .tryAgain(let pause):
                    // Only cancellation ends a sleep early, and a lane is not cancelled.
                    try? await Task.sleep(for: pause)
                case .tryEachAlone where commands.count > 1:
                    return await writeEachAlone(commands)
                case .tryEachAlone:
                    return [.failure(.failed("\(error.cause)"))]
                case .giveUp(let reason):
                    logger.error("batch given up", metadata: ["error": "\(error.cause)"])
                    return commands.map { _ in .failure(reason) }
                }
            }
        }
    }

    /// What one command brings upon a batch must not fail its neighbours.
    private func writeEachAlone(_ commands: [Command]) async -> [Result<Outcome, LedgerError>] {
        var results: [Result<Outcome, LedgerError>] = []
        for command in commands { results += await write([command]) }
        return results
    }

    private func attempt(
        _ commands: [Command], after unanswered: [UnansweredCommit]
    ) async throws(FailedAttempt) -> [Outcome] {
        let result: Result<[Outcome], FailedAttempt>
        do {
            result = try await pool.use { connection in
                await attempt(commands, after: unanswered, on: connection)
            }
        } catch {
            // No connection to be had: nothing was sent.
            throw FailedAttempt(cause: error, unanswered: unanswered)
        }
        return try result.get()
    }

    private func attempt(
        _ commands: [Command], after unanswered: [UnansweredCommit], on connection: Connection
    ) async -> Result<[Outcome], FailedAttempt> {
        var unanswered = unanswered
        var own: UnansweredCommit?
        do {
            let locked = try await store.lock(
                commands, suspects: unanswered.map(\.suspect), on: connection)
            if let committed = unanswered.first(where: { locked.hasCommitted($0.suspect) }) {
                try await store.commitNothing(on: connection)
                return .success(committed.outcomes)
            }
            unanswered.removeAll { locked.rulesOut($0.suspect) }
            var rules = CreditRules(
                state: locked.state, moment: locked.moment,
                transactionIDs: locked.transactionIDs)
            let outcomes = commands.map { rules.decide($0) }
            guard let first = rules.entries.first else {
                try await end(outcomes, on: connection)
                return .success(outcomes)
            }
            own = UnansweredCommit(suspect: first, outcomes: outcomes)
            try await store.commit(rules, on: connection)
            return .success(outcomes)
        } catch {
            let isOpen = await leavesOutcomeOpen(error, on: connection)
            if isOpen, let own { unanswered.append(own) }
            return .failure(FailedAttempt(cause: error, unanswered: unanswered))
        }
    }

    /// Ends a transaction in which there was nothing to write. A replay is as good as a first
    /// answer only where what it tells of is as durable.
    private func end(_ outcomes: [Outcome], on connection: Connection) async throws(PostgresError) {
        let isReplay = outcomes.contains { if case .replayed = $0 { true } else { false } }
        if isReplay {
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

/// A batch whose COMMIT was sent and never answered.
private struct UnansweredCommit: Sendable {
    /// One of its entries. A batch is one transaction, so one tells whether all of it happened.
    let suspect: LedgerEntry
    /// What to answer if it turns out to have happened.
    let outcomes: [Outcome]
}

private struct FailedAttempt: Error {
    let cause: PostgresError
    /// The commits of this attempt and those before it of which nobody knows whether they happened.
    let unanswered: [UnansweredCommit]
}
