/// Commands that are judged together, in their order: one is the ordinary case.
package struct WriteRequest: Hashable, Sendable {
    package let commands: [Command]
    /// Whether they happen all or none, or each that can.
    package let isAllOrNone: Bool
    /// Whether it is only asked what would happen.
    package let isDryRun: Bool

    /// - Precondition: There is a command.
    package init(_ commands: [Command], isAllOrNone: Bool = true, isDryRun: Bool = false) {
        precondition(!commands.isEmpty, "a request asks for something")
        self.commands = commands
        self.isAllOrNone = isAllOrNone
        self.isDryRun = isDryRun
    }

    package init(_ command: Command, isDryRun: Bool = false) {
        self.init([command], isDryRun: isDryRun)
    }
}

/// What became of a request.
package enum Decision: Hashable, Sendable {
    /// An outcome for each command, in their order; all of them happened, where they were to happen
    /// all or none.
    case judged([Outcome])
    /// They were to happen all or none, and the one at `index` was refused: none was done. Those
    /// after it were not judged.
    case refused(Outcome, index: Int)

    /// Whether it tells of a write that was made before.
    var hasReplay: Bool {
        if case .judged(let outcomes) = self { outcomes.contains(where: \.isReplay) } else { false }
    }

    /// Whether something that was asked for was not done, now or before.
    var hasRefusal: Bool {
        switch self {
        case .judged(let outcomes): outcomes.contains { $0.receipt == nil }
        case .refused: true
        }
    }

    /// The outcome of a request of one command.
    package var only: Outcome {
        switch self {
        case .judged(let outcomes): outcomes[0]
        case .refused(let outcome, index: _): outcome
        }
    }
}
