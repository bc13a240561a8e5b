import Glibc
import HTTP
import Logging
import Reactor
import Synchronization

/// The connections of one loop, and what they share: the buffers, the date, the responder.
///
/// An actor whose executor is the loop, so that the loop's handlers are its own, and a connection,
/// which is no more than a part of it, takes it as its isolated parameter. Such a handler holds
/// worker and connection until its registration is cancelled or its loop closes.
actor Worker {
    nonisolated let loop: EventLoop
    let limits: ServerLimits
    let largeBodies: LargeBodies
    let responder: any Responder
    let logger: Logger

    /// One read's bytes. Taken by a connection for the moment of reading: an idle one has none.
    var input = [UInt8](repeating: 0, count: 64 * 1024)
    /// What one turn of one connection has to send; empty between turns.
    var output: [UInt8] = []

    private nonisolated let openConnections = Atomic<Int>(0)
    private var connections: [Int: OpenConnection] = [:]
    private var lastID = 0
    private var date = HTTPDate()
    /// Every answer is its connection's last.
    private(set) var isEnding = false
    /// A connection that brings no request at once is closed.
    private var closesIdle = false
    private var drains: [CheckedContinuation<Bool, Never>] = []
    /// A connection is in the middle of its turn, where it begins what brings its answer.
    private var isBeginning = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// `largeBodies`: those of all workers.
    init(
        loop: EventLoop, limits: ServerLimits, largeBodies: LargeBodies,
        responder: any Responder, logger: Logger
    ) {
        self.loop = loop
        self.limits = limits
        self.responder = responder
        self.logger = logger
        self.largeBodies = largeBodies
    }

    nonisolated var connectionCount: Int { openConnections.load(ordering: .relaxed) }

    /// The value of a Date field for an answer of this moment.
    var dateBytes: [UInt8] { date.bytes(at: time(nil)) }

    // MARK: Connections come, are ready, and go

    /// Takes charge of an accepted socket. From any thread.
    nonisolated func take(
        _ socket: Socket, from peer: String, ticket: Admission.Ticket,
        onEnd: @escaping @Sendable () -> Void
    ) {
        openConnections.add(1, ordering: .relaxed)
        loop.execute {
            self.assumeIsolated { $0.begin(socket, from: peer, ticket: ticket, onEnd: onEnd) }
        }
    }

    private func begin(
        _ socket: Socket, from peer: String, ticket: Admission.Ticket,
        onEnd: @escaping @Sendable () -> Void
    ) {
        lastID += 1
        let id = lastID
        let open = OpenConnection(
            Connection(
                id: id, socket: socket, peer: peer, ticket: ticket, limits: limits, now: loop.now,
                onEnd: onEnd))
        connections[id] = open
        do throws(SystemError) {
            let registration = try loop.register(socket.descriptor, for: .read) { readiness in
                open.connection.ready(readiness, on: self)
            }
            open.connection.begin(registration, on: self)
            if closesIdle { open.connection.drain(on: self) }
        } catch {
            open.connection.end(because: error, on: self)
        }
    }

    /// Calls the connection again in a later round.
    func resume(_ id: Int) {
        loop.execute {
            self.assumeIsolated { $0.connections[id]?.connection.resume(on: $0) }
        }
    }

    func schedule(after delay: Duration, deadlineOf id: Int) -> ScheduledAction {
        loop.schedule(after: delay) { [unowned self] in
            assumeIsolated { $0.connections[id]?.connection.deadlinePassed(on: $0) }
        }
    }

    /// Runs a handler on the loop. It runs to its end even where the client does not wait for it.
    func run(_ handler: @escaping @Sendable () async -> Response, for id: Int) {
        Task(executorPreference: loop) {
            await self.answered(with: handler(), for: id)
        }
    }

    /// Begins what brings its answer itself.
    func begin(
        _ work: (_ receive: @escaping @Sendable (Response) -> Void) -> Void, for id: Int
    ) {
        isBeginning = true
        defer { isBeginning = false }
        work { response in
            if self.loop.isOnLoop {
                self.assumeIsolated { $0.brought(response, for: id) }
            } else {
                self.bring(response, for: id)
            }
        }
    }

    /// An answer that comes at once finds the connection in the middle of a turn, and one that
    /// another connection's request brings finds that one's answers in `output`: it waits until the
    /// turn has ended, or one client would read what is another's.
    private func brought(_ response: Response, for id: Int) {
        guard !isBeginning, output.isEmpty else { return bring(response, for: id) }
        answered(with: response, for: id)
    }

    private nonisolated func bring(_ response: Response, for id: Int) {
        loop.execute { self.assumeIsolated { $0.answered(with: response, for: id) } }
    }

    private func answered(with response: Response, for id: Int) {
        guard let open = connections[id] else {
            return logger.debug("an answer came after its client had gone")
        }
        open.connection.answered(with: response, on: self)
    }

    func ended(_ id: Int) {
        connections[id] = nil
        openConnections.subtract(1, ordering: .relaxed)
        if connections.isEmpty { finishDrains(endedInTime: true) }
    }

    // MARK: Stopping

    /// From now on every answer is its connection's last, and tells the client so.
    func announceEnd() {
        isEnding = true
    }

    /// Lets what is in flight end until the drain deadline, and cuts the rest; says whether there
    /// was none. To be called once.
    func drain() async -> Bool {
        isEnding = true
        _ = loop.schedule(after: limits.drainGrace) { [weak self] in
            self?.assumeIsolated { $0.closeIdle() }
        }
        _ = loop.schedule(after: limits.drainDeadline) { [weak self] in
            self?.assumeIsolated { $0.cutAll() }
        }
        return await withCheckedContinuation { drain in
            // Asked in here: on the way here the last connection may have ended.
            guard !connections.isEmpty else { return drain.resume(returning: true) }
            drains.append(drain)
        }
    }

    private func closeIdle() {
        closesIdle = true
        for open in Array(connections.values) { open.connection.drain(on: self) }
    }

    private func cutAll() {
        guard !connections.isEmpty else { return }
        logger.warning(
            "the drain deadline passed: connections are cut",
            metadata: ["connections": "\(connections.count)"])
        let waiting = drains
        drains = []
        for open in Array(connections.values) { open.connection.cut(on: self) }
        for drain in waiting { drain.resume(returning: false) }
    }

    private func finishDrains(endedInTime: Bool) {
        let waiting = drains
        drains = []
        for drain in waiting { drain.resume(returning: endedInTime) }
    }
}
