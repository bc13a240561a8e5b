import Postgres

// A write that was sent and never answered.

extension OptimisticWriter {
    /// Whether a write that was not answered happened is known only for each user by himself.
    func askForOutcomes(
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
