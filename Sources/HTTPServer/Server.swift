package import HTTP
package import Logging
package import Reactor

/// An HTTP/1.1 server: listens, reads requests, has them answered, and writes the answers.
///
/// `start()`, then `drain()`, once each. The loops are the caller's, and stay open.
package final class Server: Sendable {
    private let host: String
    private let port: Int
    private let workers: [Worker]
    private let acceptor: Acceptor
    private let accept: AcceptCall

    /// `host`: a name, an IPv4 or an IPv6 address; "localhost" stands for both loopback addresses,
    /// "::" for every address of both families. `port` 0: any free one.
    package convenience init(
        host: String, port: Int, limits: ServerLimits, loops: [EventLoop],
        responder: any Responder, logger: Logger
    ) {
        self.init(
            host: host, port: port, limits: limits, loops: loops, responder: responder,
            logger: logger, accept: { socket throws(SystemError) in try socket.accept() })
    }

    init(
        host: String, port: Int, limits: ServerLimits, loops: [EventLoop],
        responder: any Responder, logger: Logger, accept: @escaping AcceptCall
    ) {
        self.host = host
        self.port = port
        self.accept = accept
        let largeBodies = LargeBodies(
            limit: limits.largeBodyBytes, longest: limits.message.bodyBytes)
        workers = loops.map {
            Worker(
                loop: $0, limits: limits, largeBodies: largeBodies, responder: responder,
                logger: logger)
        }
        guard let first = loops.first else { preconditionFailure("a server needs a loop") }
        acceptor = Acceptor(loop: first, workers: workers, limits: limits, logger: logger)
    }

    /// Resolves, binds, listens and accepts.
    package func start() async throws(ServerError) -> BoundAddress {
        let addresses = try await NameResolution.addresses(of: host, port: port)
        do throws(SystemError) {
            return BoundAddress(
                host: host, port: try await acceptor.start(on: addresses, accept: accept))
        } catch {
            throw .cannotListen(host: host, port: port, error)
        }
    }

    /// From now on every answer says `Connection: close`, so that clients go elsewhere by
    /// themselves. New connections are still taken.
    package func announceEnd() async {
        for worker in workers { await worker.announceEnd() }
    }

    /// Refuses new connections, lets requests that have come be answered, each with `Connection:
    /// close`, and closes what idles after `ServerLimits.drainGrace`.
    /// - Returns: whether all ended before `ServerLimits.drainDeadline`; the rest was cut.
    package func drain() async -> Bool {
        await announceEnd()
        await acceptor.stop()
        return await withTaskGroup { group in
            for worker in workers {
                group.addTask { await worker.drain() }
            }
            return await group.reduce(true) { $0 && $1 }
        }
    }

    /// Open connections, also those that are being refused or closed.
    package var connectionCount: Int {
        workers.reduce(0) { $0 + $1.connectionCount }
    }
}
