import CreditsAPI
import FoundationEssentials
import HTTPServer
import Ledger
import Logging
import Postgres
import PrivatePostgres
import Reactor
import ServiceLifecycle

/// The composition root of `credits serve`.
///
/// Theory of operation. What the service stands on is started step by step: the private PostgreSQL,
/// the pool, the tables, the listening sockets. Each step may fail with a sentence for the user,
/// and what was started before is then stopped in reverse. When all of it runs, a service group
/// takes over and waits for the signal; it stops the parts in reverse as well: the server says "not
/// ready", finishes what is in flight and closes; the grant timer ends; the connections are
/// closed; PostgreSQL is shut down.
struct ServerProcess {
    let loaded: LoadedSettings
    let logger: Logger
    private let started = ContinuousClock.now
    private let draining = DrainFlag()
    private let probe = ServerProbe()

    init(loaded: LoadedSettings, logger: Logger) {
        self.loaded = loaded
        self.logger = logger
    }

    private var settings: Settings { loaded.settings }

    func run() async throws {
        for warning in loaded.warnings + settings.warnings { logger.warning("\(warning)") }
        if OpenedDatabase.isToBeMade(loaded) {
            // It has no key, and is not made in vain.
            try settings.checkExposure(hasKeys: settings.adminToken != nil)
        }
        let limits = ProcessConditions.prepare(for: settings, logger: logger)
        let loops = try EventLoopGroup(count: Self.loopCount, label: "credits.loop")
        defer { loops.close() }
        let database = try await OpenedDatabase.open(loaded, on: loops.loops[0], logger: logger)
        let running: (parts: [any Service], address: BoundAddress, hasKeys: Bool)
        do {
            running = try await start(on: database, loops: loops.loops, limits: limits)
        } catch {
            await database.close()
            throw error
        }
        let group = ServiceGroup(services: running.parts, logger: logger)
        let signals = await StopSignals { Task { await group.triggerGracefulShutdown() } }
        defer { signals.cancel() }
        let notice = ReadyNotice(settings: settings, started: started, logger: logger)
        notice.give(of: running.address, on: database, hasKeys: running.hasKeys)
        defer { notice.takeBack() }
        try await group.run()
        logger.notice("stopped")
    }

    /// PostgreSQL, and often the clients, want the other half.
    private static var loopCount: Int { max(1, ProcessInfo.processInfo.activeProcessorCount / 2) }

    /// What is running then, in the order of dependence.
    private func start(
        on database: OpenedDatabase, loops: [EventLoop], limits: ServerLimits
    ) async throws -> (parts: [any Service], address: BoundAddress, hasKeys: Bool) {
        let schemaPool = ConnectionPool(
            address: database.address, settings: settings.schemaPool, loop: loops[0],
            logger: logger)
        let service = CreditService(
            pool: database.pool, schemaPool: schemaPool, settings: settings.ledger,
            schemaSettings: settings.schemaChanges, executor: loops[0], logger: logger)
        try await database.withMigrator(settings) { migrator in
            try await SchemaGate(migrator: migrator, logger: logger)
                .pass(mayApply: settings.autoMigrate)
        }
        let hasStoredKeys = try await service.keys.askWhetherConfigured()
        let hasKeys = hasStoredKeys || settings.adminToken != nil
        try settings.checkExposure(hasKeys: hasKeys)
        if database.isNew { try await DemoUsers(service: service).create() }
        let api = settings.api(hasStoredKeys: hasStoredKeys)
        let server = makeServer(service: service, api: api, loops: loops, limits: limits)
        let address = try await server.start()
        let databasePart = databasePart(database, schemaPool)
        let grantTimer = grantTimer(service.grants, showing: service.counters.grants)
        return ([databasePart, grantTimer, serverPart(server)], address, hasKeys)
    }

    private func makeServer(
        service: CreditService, api: APISettings, loops: [EventLoop], limits: ServerLimits
    ) -> Server {
        let responder = CreditsResponder(
            service: service, settings: api,
            isDraining: { [draining] in draining.isRaised }, probe: probe.api, logger: logger)
        let server = Server(
            host: settings.host, port: settings.port, limits: limits, loops: loops,
            responder: responder, logger: logger)
        probe.watch(server)
        return server
    }

    /// A statement that nobody waits for any more, such as one behind a lock, keeps its connection
    /// busy. Left alone it ends with the process, and its transaction with it.
    private func databasePart(
        _ database: OpenedDatabase, _ schemaPool: ConnectionPool
    ) -> StartedPart {
        StartedPart("database") { [logger, limit = settings.databaseCloseDeadline] in
            let isClosed = await StopPatience(limit: limit).waited {
                await schemaPool.shutdown()
                await database.pool.shutdown()
            }
            if !isClosed { logger.warning("statements that were still running are left alone") }
            await database.cluster?.stop()
        }
    }

    private func serverPart(_ server: Server) -> StartedPart {
        StartedPart("server") { [draining, logger, delay = settings.shutdownDelay] in
            logger.notice("stopping", metadata: ["connections": "\(server.connectionCount)"])
            draining.raise()
            await server.announceEnd()
            // Only a cancelled task sleeps less, and then nobody wants to wait.
            try? await Task.sleep(for: delay)
            if await !server.drain() {
                logger.warning("requests that did not end before the deadline were cut off")
            }
        }
    }

    private func grantTimer(_ grants: DailyGrants, showing gauges: GrantGauges) -> GrantTimer {
        GrantTimer(clock: .system, logger: logger) {
            try await grants.catchUp(showing: gauges)
        }
    }
}
