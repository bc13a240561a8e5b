import Glibc
import HTTP
import Logging
import Reactor
import Synchronization

/// The connections of one loop, and what they share: the buffers, the date, the responder.
///
/// An actor whose executor is the loop, so that a handler of the loop enters it with
/// `assumeIsolated`, and a connection, which is no more than a part of it, takes it as its isolated
/// parameter.
actor Worker {
    nonisolated let loop: EventLoop
    let limits: ServerLimits
    let responder: any Responder
    let logger: Logger

    /// One read's bytes. Taken by a connection for the moment of reading: an idle one has none.
    var input = [UInt8](repeating: 0, count: 64 * 1024)
    /// What one turn of one connection has to send; empty between turns.
    var output: [UInt8] = []

    private nonisolated let openConnections = Atomic<Int>(0)
    private var connections: [Int: Connection] = [:]
    private var lastID = 0
    private var date = HTTPDate()
    private var isDraining = false
    private var drains: [CheckedContinuation<Bool, Never>] = []

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    init(loop: EventLoop, limits: ServerLimits, responder: any Responder, logger: Logger) {
        self.loop = loop
        self.limits = limits
        self.responder = responder
        self.logger = logger
    }

    nonisolated var connectionCount: Int { openConnections.load(ordering: .relaxed) }

    /// The value of a Date field for an answer of this moment.
    var dateText: String { date.text(at: time(nil)) }

    // MARK: Connections come, are ready, and go

    /// Takes charge of an accepted socket. From any thread.
    nonisolated func take(
        _ socket: Socket, from peer: String, ticket: Admission.Ticket,
        onEnd: @escaping @Sendable () -> Void
    ) {
        openConnections.add(1, ordering: .relaxed)
        loop.execute {
            self.assumeIsolated {
                $0.begin(socket, from: peer, isRefused: ticket == .refused, onEnd: onEnd)
            }
        }
    }

    private func begin(
        _ socket: Socket, from peer: String, isRefused: Bool, onEnd: @escaping @Sendable () -> Void
    ) {
        lastID += 1
        let id = lastID
        let connection = Connection(
            id: id, socket: socket, peer: peer, limits: limits, now: loop.now, onEnd: onEnd)
        connections[id] = connection
        do throws(SystemError) {
            let registration = try loop.register(socket.descriptor, for: .read) {
                [unowned self] readiness in
                assumeIsolated { $0.connections[id]?.ready(readiness, on: $0) }
            }
            connection.begin(registration, isRefused: isRefused, on: self)
            if isDraining { connection.drain(on: self) }
        } catch {
            connection.end(because: error, on: self)
        }
    }

    /// Calls the connection again in a later round.
    func resume(_ id: Int) {
        loop.execute {
            self.assumeIsolated { $0.connections[id]?.resume(on: $0) }
        }
    }

    func schedule(after delay: Duration, deadlineOf id: Int) -> ScheduledAction {
        loop.schedule(after: delay) { [unowned self] in
            assumeIsolated { $0.connections[id]?.deadlinePassed(on: $0) }
        }
    }

    /// Runs a handler on the loop. It runs to its end even where the client does not wait for it.
    func run(_ handler: @escaping @Sendable () async -> Response, for id: Int) {
        Task(executorPreference: loop) {
            await self.answered(with: handler(), for: id)
        }
    }

    private func answered(with response: Response, for id: Int) {
        guard let connection = connections[id] else {
            return logger.debug("an answer came after its client had gone")
        }
        connection.answered(with: response, on: self)
    }

    func ended(_ id: Int) {
        connections[id] = nil
        openConnections.subtract(1, ordering: .relaxed)
        if connections.isEmpty { finishDrains(endedInTime: true) }
    }

    // MARK: Stopping

    /// Lets what is in flight end until the drain deadline, and cuts the rest; says whether there
    /// was none.
    func drain() async -> Bool {
        if !isDraining {
            isDraining = true
            for connection in Array(connections.values) { connection.drain(on: self) }
            _ = loop.schedule(after: limits.drainDeadline) { [weak self] in
                self?.assumeIsolated { $0.cutAll() }
            }
        }
        guard !connections.isEmpty else { return true }
        return await withCheckedContinuation { drains.append($0) }
    }

    private func cutAll() {
        guard !connections.isEmpty else { return }
        logger.warning(
            "the drain deadline passed: connections are cut",
            metadata: ["connections": "\(connections.count)"])
        let waiting = drains
        drains = []
        for connection in Array(connections.values) { connection.cut(on: self) }
        for drain in waiting { drain.resume(returning: false) }
    }

    private func finishDrains(endedInTime: Bool) {
        let waiting = drains
        drains = []
        for drain in waiting { drain.resume(returning: endedInTime) }
    }
}
