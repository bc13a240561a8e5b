import Logging
import Postgres

/// Tries a step again after deadlocks and lost connections, which may be run any number of times:
/// it changes nothing, or what it changes is there once. A batch of writes, whose outcome matters
/// to somebody, has its `RetryPolicy` instead.
struct Repeating: Sendable {
    let attempts: Int
    let logger: Logger

    func run<Value: Sendable>(
        _ step: () async throws(PostgresError) -> Value
    ) async throws(PostgresError) -> Value {
        var attempt = 1
        while true {
            do throws(PostgresError) {
                return try await step()
            } catch {
                guard error.disposition == .transient, attempt < attempts, !Task.isCancelled else {
                    throw error
                }
                logger.debug("tried again", metadata: ["error": "\(error)"])
                // A sleep that cancellation ends early is followed by the look above.
                try? await Task.sleep(for: .milliseconds(10 << attempt))
                attempt += 1
            }
        }
    }
}
