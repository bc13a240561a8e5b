// Theory of operation
//
// The decider of one operation: it takes the server's replies in the order in which libpq hands
// them out, and says when the operation is over and how it ended. A pipeline of n statements is
// answered by n groups of replies, each ended by a boundary, and one synchronization, which is the
// moment of commit outside a transaction block. After the first error the server skips every
// statement up to the synchronization. A script has neither groups nor synchronization: it ends at
// the first boundary. Preparing a statement under a name is a group of its own, without rows. A
// message of severity FATAL ends the connection, and no synchronization follows. It proves nothing
// about what was committed: PgBouncer sends one of its own when it has lost the server, which may
// have committed before.

/// Decides what the replies to one operation mean.
struct ReplyCollector {
    enum Verdict {
        case more
        case finished(Result<[Rows], PostgresError>)
        /// The connection is at its end, and nothing is known of the operation.
        case lost(reason: String)
    }

    private enum Shape {
        case script
        case pipeline([PipelineStep], firstCommit: Int?)
    }

    private let shape: Shape
    private var stepIndex = 0
    /// The names that the server has prepared statements under.
    private(set) var preparedNames: Set<String> = []
    /// Whether the first error met a step that rests on a name.
    private(set) var hasFailedUnderName = false
    private var results: [Rows] = []
    private var error: PostgresError?

    init(pipeline steps: [PipelineStep]) {
        let firstCommit = steps.firstIndex { $0.isCommit }
        shape = .pipeline(steps, firstCommit: firstCommit)
        results.reserveCapacity(steps.count)
    }

    static let script = ReplyCollector(shape: .script)

    private init(shape: Shape) {
        self.shape = shape
    }

    mutating func receive(_ reply: Reply) -> Verdict {
        switch reply {
        case .rows(let rows): return collect(rows)
        case .failed(let message): return fail(message)
        case .skipped: return .more
        case .boundary: return endGroup()
        case .synchronized: return .finished(outcome)
        case .broken(let reason): return .lost(reason: reason)
        case .copy: return .lost(reason: "COPY is not spoken here")
        }
    }

    private var outcome: Result<[Rows], PostgresError> {
        error.map { .failure($0) } ?? .success(results)
    }

    private mutating func collect(_ rows: Rows) -> Verdict {
        guard case .pipeline(let steps, let firstCommit) = shape, stepIndex < steps.count else {
            return .more
        }
        if case .prepare(_, let name) = steps[stepIndex] {
            preparedNames.insert(name)
            return .more
        }
        results.append(rows)
        // In a failed transaction COMMIT succeeds, and rolls back.
        if firstCommit == stepIndex, rows.result.commandTag == "ROLLBACK", error == nil {
            error = .rolledBack
        }
        return .more
    }

    private mutating func fail(_ message: ServerMessage) -> Verdict {
        guard !message.endsConnection else {
            return .lost(reason: "\(message.sqlState) \(message.message)")
        }
        if error == nil {
            error = .server(indexed(message))
            hasFailedUnderName = failedUnderName
        }
        return .more
    }

    private mutating func endGroup() -> Verdict {
        guard case .pipeline(let steps, _) = shape else { return .finished(outcome) }
        stepIndex += 1
        // One more than the steps may come, around an error at the commit. libpq answers without
        // end when it has lost the thread.
        guard stepIndex <= steps.count + 2 else {
            return .lost(reason: "the replies never end")
        }
        return .more
    }

    private var failedUnderName: Bool {
        guard case .pipeline(let steps, _) = shape, stepIndex < steps.count else { return false }
        if case .run(_, name: nil) = steps[stepIndex] { return false }
        return true
    }

    private func indexed(_ message: ServerMessage) -> ServerMessage {
        guard case .pipeline(let steps, _) = shape, stepIndex < steps.count else {
            return message
        }
        guard steps.count(where: \.isRun) > 1 else { return message }
        var message = message
        message.statementIndex = steps[..<stepIndex].count(where: \.isRun)
        return message
    }
}

extension PipelineStep {
    fileprivate var isRun: Bool {
        if case .run = self { true } else { false }
    }

    fileprivate var isCommit: Bool {
        guard case .run(let statement, _) = self else { return false }
        return statement.transactionControl == .commit
    }
}
