/// What the short way has for a request.
enum DeltaAnswer: Sendable {
    case decided(Decision)
    /// Nothing was written; the `BatchWriter` has to do it.
    case left
    /// The write was never answered, and what became of it is being asked.
    case unanswered(LostWrite)

    init(_ decision: Decision?) {
        self = decision.map(DeltaAnswer.decided) ?? .left
    }
}

/// A request whose write was never answered.
///
/// Whether it happened is known only for each user by himself, and of a user's requests all did or
/// none. They are asked for together, in their order: one that was asked for before those that it
/// came after could be refused where they would not be.
struct LostWrite: Sendable {
    /// Of all requests of the user in that round.
    private let outcomes: Task<[Result<Decision?, LedgerError>], Never>
    private let index: Int

    /// See `BatchWriter.write`.
    var outcome: Result<Decision?, LedgerError> {
        get async { await outcomes.value[index] }
    }

    /// Begins to ask for the user's requests, and nobody waits for it who has not to: an answer may
    /// take as long as `outcomeDeadline`.
    static func asked(
        _ requests: [WriteRequest], unlessAdded first: LedgerEntry, decisions: [Decision],
        by writer: BatchWriter
    ) -> [LostWrite] {
        let outcomes = Task {
            await writer.write(requests, unlessAdded: first, decisions: decisions)
        }
        return requests.indices.map { LostWrite(outcomes: outcomes, index: $0) }
    }
}
