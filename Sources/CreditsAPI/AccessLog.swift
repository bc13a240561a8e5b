import HTTP
import Logging

/// A request that is being answered, as the log names it.
struct Exchange: Sendable {
    /// nil where the bytes did not tell.
    let head: RequestHead?
    let id: RequestID
    /// nil while nobody reads every line of the log.
    let started: ContinuousClock.Instant?

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

    /// The clock is read only where each request gets a line.
    var now: ContinuousClock.Instant? { tellsAll ? .now : nil }

    func record(_ status: Status, _ exchange: Exchange) {
        let isFailure = status.code >= 500
        guard isFailure ? tellsFailures : tellsAll else { return }
        var metadata: Logger.Metadata = [
            "method": "\(exchange.head?.method.rawValue ?? "-")",
            "path": "\(exchange.path ?? "-")",
            "status": .stringConvertible(status.code),
            "request_id": "\(exchange.id.text)",
        ]
        if let started = exchange.started {
            let microseconds = (ContinuousClock.now - started) / .microseconds(1)
            metadata["duration_us"] = .stringConvertible(Int(microseconds))
        }
        logger.log(level: isFailure ? .info : .debug, "request", metadata: metadata)
    }

    /// A fault of ours, which the client was told nothing of.
    func fault(_ cause: String, _ exchange: Exchange) {
        logger.error(
            "internal error",
            metadata: ["cause": "\(cause)", "request_id": "\(exchange.id.text)"])
    }
}
