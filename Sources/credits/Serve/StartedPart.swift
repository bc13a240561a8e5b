import Logging
import ServiceLifecycle

/// A part of the process that was started before the service group took over: it lasts until the
/// group shuts down, and is stopped then. The group stops its parts one after another, the last
/// first.
struct StartedPart: Service, CustomStringConvertible {
    let description: String
    let stop: @Sendable () async -> Void

    init(_ name: String, stop: @escaping @Sendable () async -> Void) {
        description = name
        self.stop = stop
    }

    func run() async throws {
        do {
            try await gracefulShutdown()
        } catch {
            // Another part failed and the group was cancelled: stop all the same.
        }
        await stop()
    }
}
