import Glibc
import Logging

/// What a long-running server wants of the process it lives in.
enum ProcessConditions {
    /// Descriptors for all that is no connection of a client's: the database, files, the loops.
    private static let otherDescriptors = 128

    static func prepare(for connections: Int, logger: Logger) {
        // Whoever reads our output or log may go away; that is no reason to stop.
        signal(SIGPIPE, SIG_IGN)
        let descriptors = raisedDescriptorLimit()
        guard descriptors < connections + otherDescriptors else { return }
        logger.warning(
            "fewer file descriptors than connections are allowed; raise the limit (ulimit -n)",
            metadata: [
                "descriptors": .stringConvertible(descriptors),
                "HTTP_MAX_CONNECTIONS": .stringConvertible(connections),
            ])
    }

    /// The soft limit is 1024 for the sake of programs that use select(2); nothing here does.
    private static func raisedDescriptorLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        limit.rlim_cur = min(limit.rlim_max, 1 << 20)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        return Int(clamping: limit.rlim_cur)
    }
}
