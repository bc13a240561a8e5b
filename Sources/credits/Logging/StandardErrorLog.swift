import Glibc
import Ledger
import Logging

/// How log lines look.
enum LogFormat: String, Sendable, CaseIterable {
    /// Pretty on a terminal, JSON otherwise.
    case auto
    case pretty
    case json
}

/// Writes each event as one line to standard error, with one write(2) up to 4 KiB, so that lines of
/// several threads and processes do not mix (pipes keep such writes whole; pipe(7), PIPE_BUF).
struct StandardErrorLog: LogHandler {
    /// The look, decided once.
    enum Look: Sendable {
        case pretty(colored: Bool)
        case json
    }

    let label: String
    let look: Look
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var sink = LogSink.standardError

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let time = SystemClock.now()
        sink.write(text(of: event, at: time) + "\n") { dropped in
            text(
                of: LogLine(
                    time: time, level: .warning, label: label,
                    message: "lines of the log were dropped: nobody took them",
                    metadata: ["lines": .stringConvertible(dropped)])) + "\n"
        }
    }

    /// The event's line; what it brings along is stronger than the logger's own metadata.
    func text(of event: LogEvent, at time: Timestamp) -> String {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        if let error = event.error { merged["error"] = "\(error)" }
        return text(
            of: LogLine(
                time: time, level: event.level, label: label, message: "\(event.message)",
                metadata: merged))
    }

    private func text(of line: LogLine) -> String {
        switch look {
        case .pretty(let colored): line.pretty(colored: colored)
        case .json: line.json
        }
    }
}

extension StandardErrorLog.Look {
    /// `auto` asks whether standard error is a terminal; colour stays off where `NO_COLOR` is set.
    init(_ format: LogFormat, isTerminal: Bool, environment: [String: String]) {
        let isColored =
            isTerminal && environment["NO_COLOR", default: ""].isEmpty
            && environment["TERM"] != "dumb"
        switch format {
        case .auto: self = isTerminal ? .pretty(colored: isColored) : .json
        case .pretty: self = .pretty(colored: isColored)
        case .json: self = .json
        }
    }
}

/// The machine's clock in UTC.
enum SystemClock {
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(
            microsecondsSinceUnixEpoch: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}
