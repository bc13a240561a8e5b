import Glibc
import HTTPServer
import Logging
import Postgres
import Reactor

/// What a long-running server wants of the process it lives in.
enum ProcessConditions {
    /// Descriptors for what is no connection: the loops, the log, the files of the docs page, the
    /// pipes to a private PostgreSQL.
    private static let otherDescriptors = 64

    /// Returns the server's limits, with no more connections than there are descriptors for:
    /// clients beyond that are told 503, and the database's connections can always be opened anew.
    static func prepare(for settings: Settings, logger: Logger) -> ServerLimits {
        // Whoever reads our output or log may go away; that is no reason to stop.
        signal(SIGPIPE, SIG_IGN)
        var limits = settings.server
        do throws(SystemError) {
            let descriptors = try DescriptorLimit.raise()
            let others = otherDescriptors + limits.refusals + settings.pool.size
            let room = max(descriptors / 2, descriptors - others)
            guard room < limits.connections else { return limits }
            limits.connections = room
            logger.warning(
                "there are fewer file descriptors than HTTP_MAX_CONNECTIONS wants (ulimit -n)",
                metadata: [
                    "descriptors": .stringConvertible(descriptors),
                    "HTTP_MAX_CONNECTIONS": .stringConvertible(settings.server.connections),
                    "connections": .stringConvertible(room),
                ])
        } catch {
            logger.warning(
                "the limit of file descriptors stays as it is", metadata: ["error": "\(error)"])
        }
        return limits
    }
}
