import Postgres

// A write that was sent and never answered.

extension DeltaWriter {
    /// Whether a write that was not answered happened is known only for each user by himself, and
    /// of a user's requests all did or none. They are asked for together, in their order: one that
    /// was asked for before those that it came after could be refused where they would not be.
    func askForOutcomes(
        _ requests: [WriteRequest], _ plan: DeltaPlan
    ) async -> [Result<Decision?, LedgerError>] {
        await withTaskGroup(of: [(Int, Result<Decision?, LedgerError>)].self) { group in
            for way in plan.ways {
                let (places, decisions) = plan.requests(on: way)
                group.addTask { [fallback] in
                    let results = await fallback.write(
                        places.map { requests[$0] }, unlessAdded: way.first, decisions: decisions)
                    return Array(zip(places, results))
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
