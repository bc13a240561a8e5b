import Glibc
import PrivatePostgres
import TestSupport

/// The real binary, started by a test: `credits serve` on a free port.
struct RunningServer: Sendable {
    let program: TestProgram
    let port: Int

    /// Starts it and waits until it says that it is ready.
    static func start(
        _ settings: [String: String], workingDirectory: String = "/"
    ) async throws -> RunningServer {
        try await whenReady(
            try await TestProgram.launch(
                try binary, ["serve"], environment: patient(settings),
                workingDirectory: workingDirectory))
    }

    /// The same, where it may have no more than so many file descriptors.
    static func start(
        descriptors: Int, _ settings: [String: String]
    ) async throws -> RunningServer {
        let command = "ulimit -n \(descriptors) && exec \(try binary) serve"
        return try await whenReady(
            try await TestProgram.launch(
                "/bin/sh", ["-c", command], environment: patient(settings)))
    }

    private static func whenReady(_ program: TestProgram) async throws -> RunningServer {
        let written = try await program.waitForText(" is ready.")
        _ = try await program.waitForText("/docs")
        let port = try program.written().split(separator: "http://localhost:").dropFirst().first
            .flatMap { Int($0.prefix(while: \.isWholeNumber)) }
        guard let port else { throw TestClientError(what: "no port in \(written)") }
        return RunningServer(program: program, port: port)
    }

    /// Runs a command of the binary to its end.
    static func run(
        _ arguments: [String], _ settings: [String: String] = [:], workingDirectory: String = "/"
    ) async throws -> ProgramResult {
        try await TestProgram.run(
            try binary, arguments, environment: environment(settings),
            workingDirectory: workingDirectory)
    }

    /// One request on a connection of its own.
    func send(_ method: String, _ path: String, _ body: String? = nil) async throws -> TestAnswer {
        try await onThread { [port] in try TestClient(port: port).send(method, path, body) }
    }

    /// Stops it as a service manager does, and waits for its end.
    func stop() async throws -> ProgramResult {
        program.signal(SIGTERM)
        return try await program.end()
    }

    private static var binary: String {
        get throws { try TestProgram.product("credits") }
    }

    /// For a server on a machine that all tests keep busy at once: neither its database is away nor
    /// its clients are hostile because they are slow.
    private static func patient(_ settings: [String: String]) -> [String: String] {
        let names = [
            "DATABASE_POOL_WAIT", "DATABASE_CONNECT_TIMEOUT", "DATABASE_STATEMENT_DEADLINE",
            "DATABASE_IDLE_CHECK_DEADLINE", "HTTP_HEAD_DEADLINE", "HTTP_BODY_GRACE",
            "HTTP_WRITE_GRACE",
        ]
        let limits = Dictionary(uniqueKeysWithValues: names.map { ($0, "5m") })
        return environment(limits.merging(settings) { _, given in given })
    }

    private static func environment(_ settings: [String: String]) -> [String: String] {
        ["PATH": "/usr/local/bin:/usr/bin:/bin", "PORT": "0", "LOG_FORMAT": "json"]
            .merging(settings) { _, given in given }
    }
}

/// Calls the body with a server on a new database, and stops it afterwards.
func withServer(
    _ settings: [String: String] = [:],
    _ body: (RunningServer, TestDatabase) async throws -> Void
) async throws {
    try await withTestDatabase { (database: TestDatabase) in
        let given = ["DATABASE_URL": database.target].merging(settings) { _, given in given }
        let server = try await RunningServer.start(given)
        do {
            try await body(server, database)
        } catch {
            // The test's own error is the one to show.
            _ = try? await server.stop()
            throw error
        }
        _ = try await server.stop()
    }
}
