import Logging

/// The server that we started and that we stop: with the lock that entitles us to, and the child.
struct OwnedServer: Sendable {
    let postmaster: Postmaster
    /// The cluster was made by this start.
    let isNew: Bool
    private(set) var process: ChildProcess
    private let lock: ClusterLock

    /// Makes the cluster where there is none, and starts the server.
    ///
    /// - Parameter socketFolder: where clients look already; `nil`: nowhere yet.
    static func start(
        _ home: ClusterHome, _ lock: ClusterLock, _ settings: PrivateClusterSettings,
        socketFolder: String? = nil, progress: @escaping @Sendable (String) -> Void
    ) async throws(PrivateClusterError) -> OwnedServer {
        let version = try home.madeByVersion()
        let binaries = try await settings.binaries.binaries(for: version, in: home.data)
        try ServerLog.setAsideIfLarge(of: home)
        let creation = ClusterCreation(
            home: home, binaries: binaries, durable: settings.durable,
            maximumConnections: settings.maximumConnections)
        try creation.removeLeftOvers()
        if version == nil {
            progress("making a database in \(home.folder) (PostgreSQL \(binaries.major))")
            try await creation.run()
        }
        progress("starting PostgreSQL \(binaries.major) on \(home.folder)")
        let folder = socketFolder ?? SocketFolder.choice(for: home)
        try SocketFolder.make(folder, for: home)
        let postmaster = Postmaster(
            home: home, binaries: binaries, socketFolder: folder, durable: settings.durable,
            stopDeadline: settings.stopDeadline, progress: progress)
        return OwnedServer(
            postmaster: postmaster, isNew: version == nil, process: try await postmaster.start(),
            lock: lock)
    }

    /// Starts the server again after it died.
    mutating func restart() async throws(PrivateClusterError) {
        process = try await postmaster.start()
    }

    func stop(logger: Logger) async {
        let deadline = postmaster.stopDeadline
        await postmaster.stop(process) {
            logger.warning(
                """
                PostgreSQL did not stop in time; it is told to drop everything, and will \
                recover at the next start
                """, metadata: ["deadline": "\(deadline)"])
        }
        SocketFolder.remove(postmaster.socketFolder, of: postmaster.home)
    }
}
