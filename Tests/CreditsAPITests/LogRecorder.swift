import Dispatch
import Logging

/// Keeps what is logged, so that a test can read it.
final class LogRecorder: LogHandler, @unchecked Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: [String: String]
    }

    // Every access is on the queue, which makes the class Sendable.
    private let queue = DispatchQueue(label: "log recorder")
    private var recorded: [Line] = []

    var lines: [Line] { queue.sync { recorded } }
    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }
    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        let line = Line(
            level: event.level, message: "\(event.message)",
            metadata: (event.metadata ?? [:]).mapValues { "\($0)" })
        queue.sync { recorded.append(line) }
    }
}
