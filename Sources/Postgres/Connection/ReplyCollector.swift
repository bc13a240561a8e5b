// Theory of operation
//
// The decider of one operation: it takes the server's replies in the order in which libpq hands
// them out, and says when the operation is over and how it ended. A pipeline of n statements is
// answered by n groups of replies, each ended by a boundary, and one synchronization, which is the
// moment of commit outside a transaction block. After the first error the server skips every
// statement up to the synchronization. A script has neither groups nor synchronization: it ends at
// the first boundary. A message of severity FATAL ends the connection, and no synchronization
// follows: what it interrupted did not commit, unless that was the commit itself.

/// Decides what the replies to one operation mean.
struct ReplyCollector {
    enum Verdict {
        case more
        case finished(Result<[Rows], PostgresError>)
        /// The connection is at its end. `certainlyUncommitted` is whether that much is known of
        /// the operation.
        case lost(reason: String, certainlyUncommitted: Bool)
    }

    private enum Shape {
        case script
        case pipeline(count: Int, firstCommit: Int?)
    }

    private let shape: Shape
    private var statementIndex = 0
    private var results: [Rows] = []
    private var error: PostgresError?

    init(pipeline statements: [Statement]) {
        let firstCommit = statements.firstIndex { $0.transactionControl == .commit }
        shape = .pipeline(count: statements.count, firstCommit: firstCommit)
        results.reserveCapacity(statements.count)
    }

    init(script: Void) {
        shape = .script
    }

    mutating func receive(_ reply: Reply) -> Verdict {
        switch reply {
        case .rows(let rows): return collect(rows)
        case .failed(let message): return fail(message)
        case .skipped: return .more
        case .boundary: return endGroup()
        case .synchronized: return .finished(outcome)
        case .broken(let reason): return .lost(reason: reason, certainlyUncommitted: false)
        case .copy:
            return .lost(reason: "COPY is not spoken here", certainlyUncommitted: false)
        }
    }

    private var outcome: Result<[Rows], PostgresError> {
        error.map { .failure($0) } ?? .success(results)
    }

    private mutating func collect(_ rows: Rows) -> Verdict {
        if case .pipeline(_, let firstCommit) = shape {
            results.append(rows)
            // In a failed transaction COMMIT succeeds, and rolls back.
            if firstCommit == statementIndex, rows.result.commandTag == "ROLLBACK", error == nil {
                error = .rolledBack
            }
        }
        return .more
    }

    private mutating func fail(_ message: ServerMessage) -> Verdict {
        guard !message.endsConnection else {
            return .lost(
                reason: "\(message.sqlState) \(message.message)",
                certainlyUncommitted: isBeforeCommit)
        }
        if error == nil { error = .server(indexed(message)) }
        return .more
    }

    private mutating func endGroup() -> Verdict {
        guard case .pipeline(let count, _) = shape else { return .finished(outcome) }
        statementIndex += 1
        // One more than the statements may come, around an error at the commit. libpq answers
        // without end when it has lost the thread.
        guard statementIndex <= count + 2 else {
            return .lost(reason: "the replies never end", certainlyUncommitted: false)
        }
        return .more
    }

    /// Whether the statement being answered, as well as all before it, had yet to be committed.
    private var isBeforeCommit: Bool {
        guard case .pipeline(let count, let firstCommit) = shape else { return false }
        return statementIndex < min(count, firstCommit ?? count)
    }

    private func indexed(_ message: ServerMessage) -> ServerMessage {
        guard case .pipeline(let count, _) = shape, count > 1, statementIndex < count else {
            return message
        }
        var message = message
        message.statementIndex = statementIndex
        return message
    }
}
