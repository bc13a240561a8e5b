import HTTP
import Logging

/// A request that is being answered, as the log names it.
struct Exchange: Sendable {
    /// nil where the bytes did not tell.
    let head: RequestHead?
    let id: RequestID
    let started: ContinuousClock.Instant
    /// Where it is counted: the operation's, as soon as it has one.
    var meter: OperationMeter

    /// Without the query, which may hold what is nobody's business.
    var path: String? { (head?.target).map { $0.namesPath ? $0.path : $0.raw } }
}

/// One line a request: at `debug`, since a line costs more than most answers; at `info` where the
/// service failed, so that an operator sees it without having asked.
struct AccessLog: Sendable {
    private let logger: Logger
    private let tellsAll: Bool
    private let tellsFailures: Bool

    init(_ logger: Logger) {
        self.logger = logger
        tellsAll = logger.logLevel <= .debug
        tellsFailures = logger.logLevel <= .info
    }

    func record(_ status: Status, _ exchange: Exchange, after elapsed: Duration) {
        let isFailure = status.code >= 500
        guard isFailure ? tellsFailures : tellsAll else { return }
        let metadata: Logger.Metadata = [
            "method": "\(exchange.head?.method.rawValue ?? "-")",
            "path": "\(exchange.path ?? "-")",
            "status": .stringConvertible(status.code),
            "request_id": "\(exchange.id.text)",
            "duration_us": .stringConvertible(Int(elapsed / .microseconds(1))),
        ]
        logger.log(level: isFailure ? .info : .debug, "request", metadata: metadata)
    }

    /// What the client was told nothing of: a fault of ours, or a rule of the database's owner.
    func tell(_ cause: String, of type: ProblemType, _ exchange: Exchange) {
        let isFault = type == .internalError
        logger.log(
            level: isFault ? .error : .warning,
            isFault ? "internal error" : "a rule of the database forbids a request",
            metadata: ["cause": "\(cause)", "request_id": "\(exchange.id.text)"])
    }
}
