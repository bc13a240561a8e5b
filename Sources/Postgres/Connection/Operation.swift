import Reactor

/// One exchange with the server, from the call until its answer. Lives inside its connection.
final class Operation {
    enum Request {
        case pipeline([Statement])
        case script(String)

        /// What libpq could not send, found before anything is sent.
        var fault: String? {
            switch self {
            case .script(let sql): Self.fault(in: sql)
            case .pipeline(let statements):
                statements.lazy.compactMap { statement in
                    statement.binds.count > Statement.bindLimit
                        ? "more than \(Statement.bindLimit) binds" : Self.fault(in: statement.text)
                }.first
            }
        }

        private static func fault(in text: String) -> String? {
            text.holdsNUL ? "the statement's text holds a NUL" : nil
        }
    }

    let id: UInt64
    let request: Request
    private let continuation: CheckedContinuation<Result<[Rows], PostgresError>, Never>
    /// Made anew each time the operation is sent.
    var collector = ReplyCollector.script
    var timer: ScheduledAction?
    var cancelTimer: ScheduledAction?
    /// Whether the server may commit on its own once it has been sent this: then only its answer
    /// tells whether it did.
    var mayCommit = false
    /// Why the server was asked to stop.
    var stopReason: PostgresError?
    /// Set when the server has answered but the operation cannot end yet.
    var outcome: Result<[Rows], PostgresError>?

    init(
        id: UInt64, request: Request,
        continuation: CheckedContinuation<Result<[Rows], PostgresError>, Never>
    ) {
        self.id = id
        self.request = request
        self.continuation = continuation
    }

    /// Whether the server may commit when it is sent this, in a transaction block or outside one.
    func mayCommit(inTransaction: Bool) -> Bool {
        switch request {
        case .script: return true
        case .pipeline(let statements):
            let controls = statements.lazy.map(\.transactionControl)
            let isInBlock = inTransaction || controls.first == .begin
            return !isInBlock || controls.contains(.commit)
        }
    }

    /// Hands the answer to the caller. Once, and last.
    func end(_ result: Result<[Rows], PostgresError>) {
        timer?.cancel()
        timer = nil
        cancelTimer?.cancel()
        cancelTimer = nil
        continuation.resume(returning: result)
    }

    /// Whether the server, having refused the operation, holds nothing of it, and would hold all of
    /// it if it were sent once more: it is one implicit transaction from beginning to end.
    var canBeSentAgain: Bool {
        guard mayCommit, stopReason == nil, case .pipeline(let statements) = request else {
            return false
        }
        return statements.allSatisfy { $0.transactionControl == nil }
    }

    /// What the server's answer means to the caller, who may have given the operation up meanwhile.
    func judged(_ outcome: Result<[Rows], PostgresError>) -> Result<[Rows], PostgresError> {
        guard let stopReason else { return outcome }
        switch outcome {
        case .failure(let error) where error.sqlState == .queryCanceled:
            return .failure(stopReason)
        case .failure:
            return outcome
        case .success where mayCommit:
            // A cancelled wait for a synchronous standby ends in success without the standby.
            return .failure(.outcomeUnknown("it ended while it was being cancelled"))
        case .success:
            return outcome
        }
    }

    /// What the loss of the connection means to the caller.
    func failure(onLoss reason: String) -> PostgresError {
        if mayCommit { return .outcomeUnknown(reason) }
        return stopReason ?? .connectionLost(reason)
    }
}

extension String {
    /// Over the bytes as they lie in memory: every statement of every round is asked.
    fileprivate var holdsNUL: Bool {
        utf8.withContiguousStorageIfAvailable { $0.contains(0) } ?? utf8.contains(0)
    }
}
