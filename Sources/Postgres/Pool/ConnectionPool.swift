package import Logging
package import Reactor

/// A bounded number of connections that are lent out one at a time, all on one event loop.
///
/// Connections are opened when they are needed, and again after they were lost; `PoolState`
/// decides, and this actor does it. Nothing is kept in a session, so that it works behind a pooler
/// too. It lives until `shutdown()`.
package actor ConnectionPool {
    private struct Lease: Sendable {
        let id: PoolState.ConnectionID
        let connection: Connection
        let isStale: Bool
    }

    private struct Borrower {
        let continuation: CheckedContinuation<Result<Lease, PostgresError>, Never>
        let since: ContinuousClock.Instant
        let timer: ScheduledAction
    }

    package nonisolated let loop: EventLoop
    package nonisolated let gauge = PoolGauge()
    private let address: DatabaseAddress
    private let settings: PoolSettings
    private let connectionSettings: ConnectionSettings
    private let logger: Logger
    private var state: PoolState { didSet { gauge.show(state.counts) } }
    private var connections: [PoolState.ConnectionID: Connection] = [:]
    private var borrowers: [PoolState.BorrowerID: Borrower] = [:]
    private var openings: [UInt64: Task<Void, Never>] = [:]
    private var lastID: UInt64 = 0
    private var lastFailure: String?
    private var retryTimer: ScheduledAction?
    private var sweepTimer: ScheduledAction?
    private var shutdowns: [CheckedContinuation<Void, Never>] = []

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    package init(
        address: DatabaseAddress, settings: PoolSettings, loop: EventLoop, logger: Logger
    ) {
        self.address = address
        self.settings = settings
        connectionSettings = settings.makeConnectionSettings()
        self.loop = loop
        self.logger = logger
        state = PoolState(settings: settings)
    }

    /// Lends a connection to `body`, which runs where the caller runs.
    ///
    /// - Parameter givingWay: Whether all others go first: for what may be asked many times at once
    ///   and takes its time, so that nobody's short work waits behind it.
    /// - Throws: `cannotConnect`, `poolExhausted` or `poolClosed` when there is none to lend.
    @discardableResult
    package nonisolated(nonsending) func withConnection<Value>(
        givingWay: Bool = false,
        _ body: nonisolated(nonsending) (Connection) async throws -> Value
    ) async throws -> Value {
        let lease = try await lend(givingWay: givingWay)
        do {
            let value = try await body(lease.connection)
            await takeBack(lease.id)
            return value
        } catch {
            await takeBack(lease.id)
            throw error
        }
    }

    /// Lends a connection to `body` within a transaction; see `Connection.transaction`.
    @discardableResult
    package nonisolated(nonsending) func withTransaction<Value: Sendable>(
        begin: Statement = "BEGIN", givingWay: Bool = false,
        _ body: @Sendable (isolated Connection) async throws -> Value
    ) async throws -> Value {
        try await withConnection(givingWay: givingWay) { connection in
            try await connection.transaction(begin: begin, body)
        }
    }

    package var counts: PoolCounts { state.counts }

    /// Lends nothing any more, and returns when every connection has come back and is closed.
    package func shutdown() async {
        await withCheckedContinuation { continuation in
            // All in one step: what would begin on the way here would not be stopped.
            retryTimer?.cancel()
            sweepTimer?.cancel()
            for opening in openings.values { opening.cancel() }
            shutdowns.append(continuation)
            perform(state.shutDown())
        }
    }

    // MARK: Lending

    private func lend(givingWay: Bool) async throws(PostgresError) -> Lease {
        while true {
            let lease = try await waitInLine(givingWay: givingWay).get()
            if !lease.isStale { return lease }
            if await isAlive(lease.connection) { return lease }
            perform(state.closeIdle())
            takeBack(lease.id)
        }
    }

    private func waitInLine(givingWay: Bool) async -> Result<Lease, PostgresError> {
        lastID += 1
        let id = lastID
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                if Task.isCancelled { return continuation.resume(returning: .failure(.cancelled)) }
                let timer = loop.schedule(after: settings.waitLimit) {
                    self.assumeIsolated { $0.perform($0.state.waitLimitReached(id)) }
                }
                borrowers[id] = Borrower(
                    continuation: continuation, since: loop.now, timer: timer)
                perform(state.borrow(id, givingWay: givingWay, now: loop.now))
            }
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.abandon(id) } }
        }
    }

    private func isAlive(_ connection: Connection) async -> Bool {
        do {
            // A cancelled borrower says nothing about the connection.
            _ = try await connection.perform(
                .pipeline(["SELECT 1"]), deadline: settings.idleCheckDeadline, isStoppable: false)
            return true
        } catch {
            await connection.close()
            return false
        }
    }

    private func abandon(_ id: PoolState.BorrowerID) {
        guard state.leave(id) else { return }
        answer(id, with: .failure(.cancelled))
    }

    private func takeBack(_ id: PoolState.ConnectionID) {
        guard let connection = connections[id] else {
            preconditionFailure("a connection came back that was not lent")
        }
        let isClean = connection.assumeIsolated { $0.isClean }
        perform(state.giveBack(id, isClean: isClean, now: loop.now))
    }

    // MARK: Doing what was decided

    private func perform(_ actions: [PoolState.Action]) {
        for action in actions {
            switch action {
            case .lend(let id, let borrower, let isStale): hand(id, to: borrower, isStale: isStale)
            case .refuse(let borrower, let refusal): refuse(borrower, refusal)
            case .open: open()
            case .retry(let delay): retry(after: delay)
            case .close(let id): close(id)
            case .ended: endShutdown()
            }
        }
    }

    private func hand(
        _ id: PoolState.ConnectionID, to borrower: PoolState.BorrowerID, isStale: Bool
    ) {
        guard let connection = connections[id] else {
            preconditionFailure("a connection was to be lent that is not there")
        }
        answer(
            borrower, with: .success(Lease(id: id, connection: connection, isStale: isStale)))
    }

    private func refuse(_ borrower: PoolState.BorrowerID, _ refusal: PoolState.Refusal) {
        let error: PostgresError =
            switch refusal {
            case .closed: .poolClosed
            case .unreachable: .cannotConnect(lastFailure ?? "the last try failed")
            case .waitedTooLong:
                .poolExhausted(
                    waited: borrowers[borrower]?.since.duration(to: loop.now) ?? .zero)
            }
        answer(borrower, with: .failure(error))
    }

    private func answer(
        _ borrower: PoolState.BorrowerID, with result: Result<Lease, PostgresError>
    ) {
        guard let waiting = borrowers.removeValue(forKey: borrower) else { return }
        waiting.timer.cancel()
        waiting.continuation.resume(returning: result)
    }

    private func open() {
        lastID += 1
        let id = lastID
        openings[id] = Task { await connect(id) }
    }

    private func connect(_ id: PoolState.ConnectionID) async {
        do throws(PostgresError) {
            let connection = try await Connection.open(
                address, on: loop, settings: connectionSettings, logger: logger)
            opened(connection, id: id)
        } catch {
            openingFailed(error, id: id)
        }
    }

    /// In one step with asking for the end: one in between would be that of a connection that is
    /// not there yet.
    private func opened(_ connection: Connection, id: PoolState.ConnectionID) {
        let ending = connection.assumeIsolated { connection in
            connection.whenEnded { [weak self] in self?.assumeIsolated { $0.lost(id) } }
        }
        if let ending { return openingFailed(ending, id: id) }
        openings[id] = nil
        connections[id] = connection
        if lastFailure != nil { logger.info("PostgreSQL can be reached again") }
        lastFailure = nil
        perform(state.opened(id, now: loop.now))
        scheduleSweep()
    }

    private func openingFailed(_ error: PostgresError, id: PoolState.ConnectionID) {
        openings[id] = nil
        let reason = if case .cannotConnect(let reason) = error { reason } else { "\(error)" }
        if lastFailure == nil, !state.isClosing {
            logger.warning("cannot connect to PostgreSQL", metadata: ["reason": "\(reason)"])
        }
        lastFailure = reason
        perform(state.openingFailed(jitter: .random(in: 0..<1)))
    }

    /// One that is borrowed is forgotten when it comes back.
    private func lost(_ id: PoolState.ConnectionID) {
        if state.lost(id) { connections[id] = nil }
    }

    private func close(_ id: PoolState.ConnectionID) {
        connections.removeValue(forKey: id)?.assumeIsolated { $0.close() }
    }

    private func retry(after delay: Duration) {
        retryTimer = loop.schedule(after: delay) {
            self.assumeIsolated { $0.perform($0.state.retryIsDue()) }
        }
    }

    private func scheduleSweep() {
        guard sweepTimer == nil, !state.isClosing else { return }
        sweepTimer = loop.schedule(after: settings.idleLifetime / 2) {
            self.assumeIsolated { $0.sweep() }
        }
    }

    private func sweep() {
        sweepTimer = nil
        perform(state.sweep(now: loop.now))
        if !connections.isEmpty { scheduleSweep() }
    }

    private func endShutdown() {
        let ended = shutdowns
        shutdowns = []
        for shutdown in ended { shutdown.resume() }
    }
}
