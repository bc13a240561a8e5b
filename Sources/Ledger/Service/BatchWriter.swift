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
                if let commit = error.unanswered { unanswered.append(commit) }
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
            throw FailedAttempt(cause: error, unanswered: nil)
        }
        return try result.get()
    }

    private func attempt(
        _ commands: [Command], after unanswered: [UnansweredCommit], on connection: Connection
    ) async -> Result<[Outcome], FailedAttempt> {
        var commit: UnansweredCommit?
        do {
            let locked = try await store.lock(
                commands, suspects: unanswered.map(\.suspect), on: connection)
            if let committed = unanswered.first(where: {
                locked.committedSuspects.contains($0.suspect.transactionID)
            }) {
                try await store.rollBack(on: connection)
                return .success(committed.outcomes)
            }
            var rules = CreditRules(
                state: locked.state, moment: locked.moment,
                transactionIDs: locked.transactionIDs)
            let outcomes = commands.map { rules.decide($0) }
            guard let first = rules.entries.first else {
                try await store.rollBack(on: connection)
                return .success(outcomes)
            }
            commit = UnansweredCommit(
                suspect: .init(user: first.user, transactionID: first.transactionID),
                outcomes: outcomes)
            try await store.commit(rules, on: connection)
            return .success(outcomes)
        } catch {
            return .failure(await failed(error, during: commit, on: connection))
        }
    }

    /// Leaves the connection clean, or closed, and says whether a commit may have happened.
    private func failed(
        _ error: PostgresError, during commit: UnansweredCommit?, on connection: Connection
    ) async -> FailedAttempt {
        guard case .server(let message) = error, !message.leavesOutcomeOpen else {
            // Whatever state it is in, nobody waits for its answer any more.
            await connection.close()
            return FailedAttempt(cause: error, unanswered: commit)
        }
        do {
            try await store.rollBack(on: connection)
        } catch {
            await connection.close()
        }
        return FailedAttempt(cause: error, unanswered: nil)
    }
}

/// A batch whose COMMIT was sent and never answered.
private struct UnansweredCommit: Sendable {
    let suspect: WriteStore.Suspect
    /// What to answer if it turns out to have happened.
    let outcomes: [Outcome]
}

private struct FailedAttempt: Error {
    let cause: PostgresError
    let unanswered: UnansweredCommit?
}
