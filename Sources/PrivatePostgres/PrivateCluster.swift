package import Logging

// Theory of operation.
//
// Whoever holds the home's lock owns the cluster: makes it where there is none, starts the server
// as a child that cannot outlive us, starts it again should it die, and stops it. A second process
// on the same folder finds the lock taken and attaches: it waits until the owner's server answers,
// uses its socket, and leaves it alone at the end. It keeps asking for the lock, though: when the
// owner ends, however it ends, one of those who attached gets the lock, starts the server at the
// same socket, and is the owner.
//
// Nothing has a hard time-out while PostgreSQL says that it is at work (recovery after a crash
// takes what it takes); everything notices at once when PostgreSQL ends.

/// A PostgreSQL of our own, kept in a folder, reachable through a socket that only we can enter.
package actor PrivateCluster {
    /// libpq keywords for the role `credits`, which owns the database `credits` and is no
    /// superuser.
    package nonisolated let connectionString: String
    /// The same for the superuser: for tests and for administration, never for the service.
    package nonisolated let administratorConnectionString: String
    /// The cluster was made by this start.
    package nonisolated let isNew: Bool
    /// At the start another process owned the server; `stop()` leaves that one running.
    package nonisolated let isAttached: Bool
    /// The folder that is really used, without links.
    package nonisolated let folder: String

    private let home: ClusterHome
    private let socketFolder: String
    private let settings: PrivateClusterSettings
    private let logger: Logger
    /// `nil`: another process owns it.
    private var server: OwnedServer?
    private var supervision: Task<Void, Never>?
    private var isStopping = false

    /// Finds, or makes, the cluster, and returns when it takes connections.
    ///
    /// - Parameter progress: called with a sentence for a person, where it takes long.
    package static func start(
        _ settings: PrivateClusterSettings,
        progress: @escaping @Sendable (String) -> Void = { _ in },
        logger: Logger
    ) async throws(PrivateClusterError) -> PrivateCluster {
        let home = try await ClusterHome.prepare(settings, progress: progress)
        var hasAnnounced = false
        while true {
            if let lock = try ClusterLock.acquire(for: home) {
                let server = try await OwnedServer.start(home, lock, settings, progress: progress)
                let folder = server.postmaster.socketFolder
                return await PrivateCluster(home, folder, server, settings, logger).supervised()
            }
            if let folder = try await attachedSocketFolder(of: home) {
                progress("using the PostgreSQL that another process runs on \(home.folder)")
                return await PrivateCluster(home, folder, nil, settings, logger).supervised()
            }
            if !hasAnnounced {
                hasAnnounced = true
                progress("another process is starting PostgreSQL on \(home.folder): waiting for it")
            }
            try await Postmaster.pause(.milliseconds(50))
        }
    }

    private init(
        _ home: ClusterHome, _ socketFolder: String, _ server: OwnedServer?,
        _ settings: PrivateClusterSettings, _ logger: Logger
    ) {
        connectionString = ConnectionKeywords.text(
            socketFolder: socketFolder, database: ClusterCreation.database,
            user: ClusterCreation.role)
        administratorConnectionString = ConnectionKeywords.text(
            socketFolder: socketFolder, database: "postgres", user: home.owner.name)
        isNew = server?.isNew ?? false
        isAttached = server == nil
        folder = home.folder
        self.home = home
        self.socketFolder = socketFolder
        self.server = server
        self.settings = settings
        self.logger = logger
    }

    /// Stops the server and waits for its end; an attached cluster is only let go.
    package func stop() async {
        guard !isStopping else { return }
        isStopping = true
        supervision?.cancel()
        await server?.stop(logger: logger)
        await supervision?.value
        server = nil
    }

    /// The server's process; `nil` when another process owns it.
    package var process: ChildProcess? { server?.process }

    /// `nil`: the owner's server does not answer yet.
    private static func attachedSocketFolder(
        of home: ClusterHome
    ) async throws(PrivateClusterError) -> String? {
        guard let file = try PostmasterFile(of: home), let folder = file.socketFolder,
            await Postmaster.ping(folder) == .accepting
        else { return nil }
        return folder
    }
}

// MARK: - A server that dies, an owner that goes

extension PrivateCluster {
    private static let takeOverInterval = Duration.milliseconds(500)
    private static let shortestPause = Duration.milliseconds(100)
    private static let longestPause = Duration.seconds(30)

    private func supervised() -> PrivateCluster {
        supervision = Task {
            await self.takeOverWhenTheOwnerGoes()
            await self.restartWheneverItEnds()
        }
        return self
    }

    private func takeOverWhenTheOwnerGoes() async {
        while server == nil, !isStopping {
            do throws(PrivateClusterError) {
                if let lock = try ClusterLock.acquire(for: home) {
                    logger.notice("the process that ran PostgreSQL has gone; taking it over")
                    let logger = logger
                    await keep(
                        try await OwnedServer.start(
                            home, lock, settings, socketFolder: socketFolder,
                            progress: { logger.info("\($0)") }))
                    continue
                }
            } catch {
                guard !isStopping else { return }
                logger.error("PostgreSQL could not be taken over: \(error)")
            }
            // Cancelled when the cluster is stopped.
            try? await Task.sleep(for: Self.takeOverInterval)
        }
    }

    /// The pool reconnects by itself; what was committed is there again after recovery.
    private func restartWheneverItEnds() async {
        var pause = Self.shortestPause
        while !isStopping, var server {
            let exit = await server.process.end()
            guard !isStopping else { return }
            logger.error("PostgreSQL \(exit); it is started again")
            do {
                try await server.restart()
                await keep(server)
                pause = Self.shortestPause
            } catch {
                guard !isStopping else { return }
                logger.critical("PostgreSQL did not start again: \(error)")
            }
            // Cancelled when the cluster is stopped.
            try? await Task.sleep(for: pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// Takes the new server, or stops it when it has come too late.
    private func keep(_ started: OwnedServer) async {
        server = started
        if isStopping { await started.stop(logger: logger) }
    }
}
