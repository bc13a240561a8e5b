import Logging
import Postgres

/// Waits at the start for a database that does not answer yet, as it happens when both are started
/// at once or a standby is taking over.
struct DatabasePatience {
    let limit: Duration
    let logger: Logger

    private static let firstPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(5)

    func waitUntilAnswering(_ pool: ConnectionPool) async throws {
        let deadline = ContinuousClock.now + limit
        var pause = Self.firstPause
        while true {
            do {
                return try await pool.withConnection { _ = try await $0.run("SELECT 1") }
            } catch let error as PostgresError where error.isOfSilence {
                guard ContinuousClock.now + pause < deadline else {
                    throw ProgramFailure(.databaseUnavailable, "\(error)")
                }
                logger.notice("waiting for the database", metadata: ["error": "\(error)"])
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }
}

extension PostgresError {
    /// Nobody is there, or nobody answers in time: a host that is booting, a pooler whose server
    /// is away.
    fileprivate var isOfSilence: Bool {
        switch self {
        case .poolExhausted, .deadlineExceeded: true
        default: isConnectionFailure
        }
    }
}
