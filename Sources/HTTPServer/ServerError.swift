package import Reactor

/// Why a server did not start.
package enum ServerError: Error, Sendable, CustomStringConvertible {
    /// `reason` is the resolver's own (getaddrinfo(3)).
    case cannotResolve(host: String, reason: String)
    case cannotListen(host: String, port: Int, SystemError)

    package var description: String {
        switch self {
        case .cannotResolve(let host, let reason): "cannot resolve \(host): \(reason)"
        case .cannotListen(let host, let port, let error):
            "cannot listen on \(host):\(port): \(error)"
        }
    }
}
