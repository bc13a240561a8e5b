import Postgres

// A write that was sent and never answered.

extension DeltaWriter {
    /// As many answers as requests.
    func askForOutcomes(_ requests: [WriteRequest], _ plan: DeltaPlan) -> [DeltaAnswer] {
        var answers = requests.map { _ in DeltaAnswer.left }
        for way in plan.ways {
            let (places, decisions) = plan.requests(on: way)
            let lost = LostWrite.asked(
                places.map { requests[$0] }, unlessAdded: way.first, decisions: decisions,
                by: fallback)
            for (place, write) in zip(places, lost) { answers[place] = .unanswered(write) }
        }
        return answers
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
