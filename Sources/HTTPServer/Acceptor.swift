import Logging
import Reactor

/// Accepts connections on one loop, and gives each to the loop that has the fewest.
actor Acceptor {
    nonisolated let loop: EventLoop
    private let workers: [Worker]
    private let limits: ServerLimits
    private let logger: Logger
    private var admission: Admission
    private var refusals = RefusalCount()
    private var listeners: [Listener] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, workers: [Worker], limits: ServerLimits, logger: Logger) {
        self.loop = loop
        self.workers = workers
        self.limits = limits
        self.logger = logger
        admission = Admission(limits: limits)
    }

    /// Listens on `addresses`, and returns the port.
    func start(
        on addresses: [SocketAddress], accept: @escaping AcceptCall
    ) throws(SystemError) -> Int {
        let (sockets, port) = try ListeningSockets.open(addresses, limits: limits)
        listeners = sockets.map { listener(on: $0, accept: accept) }
        do throws(SystemError) {
            for listener in listeners { try listener.start(on: loop) }
        } catch {
            stop()
            throw error
        }
        return port
    }

    /// Accepts no more. Who has been accepted has also been given to a worker.
    func stop() {
        for listener in listeners { listener.close(on: loop) }
        listeners = []
    }

    private func listener(on socket: Socket, accept: @escaping AcceptCall) -> Listener {
        Listener(socket, accept: accept, pause: limits.acceptPause, logger: logger) {
            [weak self] connection, peer in
            guard let self else { return connection.close() }
            self.assumeIsolated { $0.admit(connection, peer) }
        }
    }

    private func admit(_ socket: Socket, _ peer: SocketAddress) {
        guard let ticket = admission.arrived(from: AddressKey(host: peer.host)),
            let worker = workers.min(by: { $0.connectionCount < $1.connectionCount })
        else {
            noteRefusal(of: peer)
            return socket.close()
        }
        if ticket == .refused { noteRefusal(of: peer) }
        worker.take(socket, from: peer.hostText, ticket: ticket) { [weak self] in self?.left(ticket)
        }
    }

    private func noteRefusal(of peer: SocketAddress) {
        guard let count = refusals.refused(at: loop.now) else { return }
        logger.warning(
            "connections are refused: too many are open",
            metadata: ["refused": "\(count)", "last": "\(peer.hostText)"])
    }

    private nonisolated func left(_ ticket: Admission.Ticket) {
        loop.execute { self.assumeIsolated { $0.admission.left(ticket) } }
    }
}
