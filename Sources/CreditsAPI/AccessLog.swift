import HTTP
import Logging

/// A request that is being answered, as the log names it.
struct Exchange: Sendable {
    /// nil where the bytes did not tell.
    let method: Method?
    let path: String?
    let requestID: String
    /// nil while nobody reads every line of the log.
    let started: ContinuousClock.Instant?
}

/// One line a request: at `debug`, since a line costs more than most answers; at `info` where the
/// service failed, so that an operator sees it without having asked.
struct AccessLog: Sendable {
    private let logger: Logger
    private let level: Logger.Level

    init(_ logger: Logger) {
        self.logger = logger
        level = logger.logLevel
    }

    /// The clock is read only where each request gets a line.
    var now: ContinuousClock.Instant? { level <= .debug ? .now : nil }

    func record(_ status: Status, _ exchange: Exchange) {
        let lineLevel: Logger.Level = status.code >= 500 ? .info : .debug
        guard lineLevel >= level else { return }
        var metadata: Logger.Metadata = [
            "method": "\(exchange.method?.rawValue ?? "-")",
            "path": "\(exchange.path ?? "-")",
            "status": .stringConvertible(status.code),
            "request_id": "\(exchange.requestID)",
        ]
        if let started = exchange.started {
            let microseconds = (ContinuousClock.now - started) / .microseconds(1)
            metadata["duration_us"] = .stringConvertible(Int(microseconds))
        }
        logger.log(level: lineLevel, "request", metadata: metadata)
    }

    /// A fault of ours, which the client was told nothing of.
    func fault(_ cause: String, _ exchange: Exchange) {
        logger.error(
            "internal error",
            metadata: ["cause": "\(cause)", "request_id": "\(exchange.requestID)"])
    }
}
