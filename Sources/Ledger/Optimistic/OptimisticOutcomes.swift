import Postgres

// A write that was sent and never answered.

extension OptimisticWriter {
    /// Whether a write that was not answered happened is known only for each user by himself, and
    /// of a user's requests all or none of those that made entries did. They are asked for
    /// together, in their order: one that was asked for before those that it came after could be
    /// refused, leave the row as it was, and so let the write happen all the same.
    func askForOutcomes(
        _ requests: [WriteRequest], _ plan: OptimisticPlan
    ) async -> [Result<Decision?, LedgerError>] {
        await withTaskGroup(of: [(Int, Result<Decision?, LedgerError>)].self) { group in
            for (entry, indices) in plan.writtenUsers {
                group.addTask { [fallback] in
                    let results = await fallback.write(
                        indices.map { requests[$0] }, unlessCompared: entry,
                        decisions: indices.map { plan.decisions[$0] })
                    return Array(zip(indices, results))
                }
            }
            var results = requests.map { _ in Result<Decision?, LedgerError>.success(nil) }
            for await answers in group {
                for (index, result) in answers { results[index] = result }
            }
            return results
        }
    }
}

extension PostgresError {
    /// Whether what was sent may have been committed.
    var leavesOutcomeOpen: Bool {
        switch self {
        case .outcomeUnknown, .cannotDecode: true
        case .server(let message): message.leavesOutcomeOpen
        case .cannotConnect, .connectionLost, .deadlineExceeded, .cancelled, .poolExhausted,
            .poolClosed, .rolledBack, .notSendable:
            false
        }
    }
}
