import Glibc
import HTTPServer
import Logging
import Reactor

/// What a long-running server wants of the process it lives in.
enum ProcessConditions {
    /// Descriptors for all that is no connection of a client's: the database, files, the loops.
    private static let otherDescriptors = 128

    static func prepare(for connections: Int, logger: Logger) {
        // Whoever reads our output or log may go away; that is no reason to stop.
        signal(SIGPIPE, SIG_IGN)
        do throws(SystemError) {
            let descriptors = try DescriptorLimit.raise()
            guard descriptors < connections + otherDescriptors else { return }
            logger.warning(
                "fewer file descriptors than connections are allowed; raise the limit (ulimit -n)",
                metadata: [
                    "descriptors": .stringConvertible(descriptors),
                    "HTTP_MAX_CONNECTIONS": .stringConvertible(connections),
                ])
        } catch {
            logger.warning(
                "the limit of file descriptors stays as it is", metadata: ["error": "\(error)"])
        }
    }
}
