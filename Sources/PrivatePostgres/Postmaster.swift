import CPostgres
import Dispatch
import Glibc

/// Starts a server on a finished cluster and waits until it takes connections.
struct Postmaster: Sendable {
    let home: ClusterHome
    let binaries: ServerBinaries
    let socketFolder: String
    let durable: Bool
    /// How long a server that is told to stop may write down what it has.
    let stopDeadline: Duration
    let progress: @Sendable (String) -> Void

    private static let pollInterval = Duration.milliseconds(20)
    /// Silence up to here; then a line in this rhythm.
    private static let progressInterval = Duration.seconds(2)
    /// How long a server that is not stopping is given before it counts as somebody else's.
    private static let foreignServerPatience = Duration.seconds(10)
    /// A server that was killed leaves children that end within moments, and PostgreSQL refuses to
    /// start beside them: so a refused start after a crash is tried again.
    private static let attemptsAfterCrash = 20

    func start() async throws(PrivateClusterError) -> ChildProcess {
        let crashed = try await settlePredecessor()
        var attempt = 1
        while true {
            do {
                return try await launch()
            } catch .programFailed where crashed && attempt < Self.attemptsAfterCrash {
                attempt += 1
                try await Self.pause(.milliseconds(250))
            }
        }
    }

    /// The server's arguments. What depends on the place is given here and not in the
    /// configuration, so that a folder may be moved.
    private var arguments: [String] {
        var settings = [
            "listen_addresses=", "port=\(SocketFolder.port)",
            "unix_socket_directories=\(socketFolder)", "unix_socket_permissions=0700",
            "logging_collector=off", "log_destination=stderr",
        ]
        // Commits still reach the kernel, so that a killed server loses nothing; a power cut would.
        if !durable { settings += ["fsync=off", "full_page_writes=off"] }
        return ["-D", home.data] + settings.flatMap { ["-c", $0] }
    }

    private func launch() async throws(PrivateClusterError) -> ChildProcess {
        let log = try ServerLog(of: home)
        var command = ChildCommand(binaries.postgres, arguments)
        command.account = home.account
        command.output = .file(home.log)
        let child = try await ChildProcess.launch(command)
        do {
            try await waitUntilReady(child, log)
            return child
        } catch {
            await stop(child)
            throw error
        }
    }

    /// A fast shutdown: open transactions are rolled back, and everything is written down. After
    /// the deadline the server is told to drop all at once.
    func stop(_ child: ChildProcess, whenLate: @escaping @Sendable () -> Void = {}) async {
        child.signal(SIGINT)
        let escalation = Task {
            // Cancelled when the server has ended in time.
            guard (try? await Task.sleep(for: stopDeadline)) != nil else { return }
            whenLate()
            child.signal(SIGQUIT)
        }
        _ = await child.end()
        escalation.cancel()
    }

    /// However long recovery takes: only the server's own end is a failure.
    private func waitUntilReady(
        _ child: ChildProcess, _ log: ServerLog
    ) async throws(PrivateClusterError) {
        let started = ContinuousClock.now
        var nextLine = started + Self.progressInterval
        while true {
            let answer = await Self.ping(socketFolder)
            if let exit = child.ended { throw log.failure(of: "PostgreSQL", exit) }
            if answer == .accepting { return }
            if ContinuousClock.now > nextLine {
                nextLine += Self.progressInterval
                let seconds = (ContinuousClock.now - started).components.seconds
                let line = log.lastLines().last.map { ": \($0)" } ?? ""
                progress("PostgreSQL is recovering (\(seconds) s)\(line)")
            }
            try await Self.pause(Self.pollInterval)
        }
    }
}

// MARK: - The server before

extension Postmaster {
    /// Waits for the earlier owner's server, which is stopping because its owner is gone, and
    /// clears a dead one's number out of the way. `true`: the last server did not end as it should.
    private func settlePredecessor() async throws(PrivateClusterError) -> Bool {
        let started = ContinuousClock.now
        var nextLine = started + Self.progressInterval
        var servingSince: ContinuousClock.Instant?
        while let file = try PostmasterFile(of: home) {
            guard file.isAlive(in: home) else {
                if file.process != getpid() { try file.replaceProcess(with: getpid()) }
                return true
            }
            let now = ContinuousClock.now
            let folder = file.socketFolder ?? socketFolder
            if await Self.ping(folder, port: file.port) == .refusing {
                servingSince = nil
            } else {
                servingSince = servingSince ?? now
            }
            if let since = servingSince, now - since > Self.foreignServerPatience {
                throw .inUse(folder: home.data, process: file.process)
            }
            if now > nextLine {
                nextLine += Self.progressInterval
                progress("waiting for the earlier PostgreSQL (process \(file.process)) to end")
            }
            try await Self.pause(Self.pollInterval)
        }
        return false
    }
}

// MARK: - Asking a server

extension Postmaster {
    enum Answer: Hashable { case accepting, refusing, silent }

    /// PQping blocks, mostly for microseconds: on a thread of Dispatch's, not on a task's.
    static func ping(_ socketFolder: String, port: String = SocketFolder.port) async -> Answer {
        let target = ConnectionKeywords.text(
            socketFolder: socketFolder, port: port, database: ClusterCreation.database,
            user: ClusterCreation.role)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let answer: Answer =
                    switch PQping(target + " connect_timeout=2") {
                    case PQPING_OK: .accepting
                    case PQPING_REJECT: .refusing
                    default: .silent
                    }
                continuation.resume(returning: answer)
            }
        }
    }

    static func pause(_ duration: Duration) async throws(PrivateClusterError) {
        do {
            try await Task.sleep(for: duration)
        } catch {
            throw .cancelled
        }
    }
}
