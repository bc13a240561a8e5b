import Glibc
package import Reactor

/// How many descriptors the process may have open: with the usual soft limit of 1,024 the kernel
/// would stop a server long before `ServerLimits.connections` does.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one, which needs no rights, and returns it. For the start
    /// of a process: it holds for all of it, and for its children (getrlimit(2)).
    package static func raise() throws(SystemError) -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .last("getrlimit")
        }
        limit.rlim_cur = limit.rlim_max
        guard setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            throw .last("setrlimit")
        }
        return Int(clamping: limit.rlim_cur)
    }
}
