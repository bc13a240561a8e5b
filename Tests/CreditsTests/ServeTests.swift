import FoundationEssentials
import Glibc
import PrivatePostgres
import TestSupport
import Testing

/// The binary's own manners: how it starts, refuses to, and stops.
@Suite(.serialized) struct ServeTests {
    @Test func `it starts, answers, and ends with 0 on SIGTERM`() async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let server = try await RunningServer.start(["DATABASE_URL": database.target])
            #expect(try await server.send("GET", "/livez").status == 200)
            #expect(try await server.send("GET", "/readyz").status == 200)
            let user = try await server.send(
                "POST", "/api/users", #"{"email":"a@example.com","name":"A"}"#)
            #expect(user.status == 201)
            let added = try await server.send("POST", "/api/credits/1/add", #"{"amount":7}"#)
            #expect(try added.members.credits == 7)
            let result = try await server.stop()
            #expect(result.exit == .code(0))
            #expect(result.output.contains("http://localhost:\(server.port)/docs"))
            #expect(result.errors.contains(#""message":"ready""#))
            #expect(result.errors.contains(#""port":\#(server.port)"#))
        }
    }

    @Test func `the port's file is there when it is ready, and gone when it is not`() async throws {
        try await withTemporaryFolder { folder in
            try await withTestDatabase { (database: TestDatabase) in
                let file = folder + "/port"
                let server = try await RunningServer.start([
                    "DATABASE_URL": database.target, "PORT_FILE": file,
                ])
                let hasPort = try await eventually {
                    FileManager.default.contents(atPath: file) == Data("\(server.port)\n".utf8)
                }
                #expect(hasPort)
                _ = try await server.stop()
                #expect(!FileManager.default.fileExists(atPath: file))
            }
        }
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let settings: [String: String]
        var arguments = ["serve"]
        let code: CInt
        let words: [String]
        var testDescription: String { "\(settings) \(arguments)" }
    }

    /// Nothing listens on port 1 of the loopback address.
    private static let nowhere = "postgresql://app:s3cret@127.0.0.1:1/shop"

    /// A refusal makes no database.
    private static let neverMade = "/tmp/credits-never-made"

    @Test(arguments: [
        Refusal(
            settings: ["HOST": "0.0.0.0", "DATA_DIR": neverMade], code: 78,
            words: ["HOST", "ADMIN_TOKEN"]),
        Refusal(
            settings: ["HOST": "::", "DATA_DIR": neverMade], code: 78,
            words: ["HOST", "ADMIN_TOKEN"]),
        Refusal(
            settings: ["PORT": "80a"], code: 78,
            words: ["PORT", "from the environment", "0 to 65535"]),
        Refusal(
            settings: [:], arguments: ["--port", "70000"], code: 78,
            words: ["PORT", "from the flag --port"]),
        Refusal(settings: [:], arguments: ["serve", "--prot", "1"], code: 64, words: ["--port"]),
        Refusal(
            settings: ["DATABASE_URL": "mysql://root@localhost/shop"], code: 78,
            words: ["DATABASE_URL (from environment)", "PostgreSQL"]),
        Refusal(
            settings: ["DATABASE_URL": nowhere, "DATABASE_WAIT": "0s"], code: 69,
            words: ["cannot connect"]),
        Refusal(
            settings: ["DATABASE_POOL_SIZE": "1"], code: 78, words: ["DATABASE_POOL_SIZE"]),
    ])
    func `it refuses to start and says why`(_ row: Refusal) async throws {
        let result = try await RunningServer.run(row.arguments, row.settings)
        #expect(result.exit == .code(row.code))
        for word in row.words { #expect(result.errors.contains(word), "\(result.errors)") }
        #expect(!result.errors.contains("s3cret"))
        #expect(result.output.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: Self.neverMade))
    }

    /// As a host that is booting, or a pooler whose server is away.
    @Test func `a database that takes connections and says nothing is waited for`() async throws {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        defer { close(listener) }
        // Without an address, listen(2) takes a free port of every one.
        try #require(listen(listener, 16) == 0)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isNamed = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(listener, $0, &size) == 0
            }
        }
        try #require(isNamed)
        let result = try await RunningServer.run(
            ["migrate"],
            [
                "DATABASE_URL": "postgresql://a@127.0.0.1:\(UInt16(bigEndian: address.sin_port))/a",
                "DATABASE_WAIT": "1s", "DATABASE_POOL_WAIT": "50ms",
            ])
        #expect(result.exit == .code(69))
        #expect(result.errors.contains("waiting for the database"))
    }

    @Test func `a private server is reached whatever PGHOSTADDR says`() async throws {
        try await withTemporaryFolder { folder in
            let server = try await RunningServer.start(
                [
                    "DATA_DIR": folder + "/data", "PGHOSTADDR": "192.0.2.1",
                    "PGOPTIONS": "-c nonsense=1",
                ])
            #expect(try await server.send("GET", "/api/credits/1").status == 200)
            #expect(try await server.stop().exit == .code(0))
        }
    }

    @Test func `a bad value in .env is named with its line, an unknown name is a warning`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let file = folder + "/.env"
            try Data("# mine\nPROT=1\nPORT=many\n".utf8).write(to: URL(filePath: file))
            let bad = try await RunningServer.run(
                ["config"], ["PORT": "1"], workingDirectory: folder)
            #expect(bad.exit == .code(0))
            #expect(bad.errors.contains("did you mean PORT?"))
            let result = try await RunningServer.run(
                ["config", "--env-file", file, "--log-level", "loud"], ["PORT": "many"])
            #expect(result.exit == .code(78))
            #expect(result.errors.contains("PORT") && result.errors.contains("LOG_LEVEL"))
        }
    }

    @Test func `a taken port is named with what to do`() async throws {
        try await withServer { server, database in
            let result = try await RunningServer.run(
                ["serve"], ["DATABASE_URL": database.target, "PORT": "\(server.port)"])
            #expect(result.exit == .code(71))
            #expect(result.errors.contains("port \(server.port) is taken"))
            #expect(result.errors.contains("PORT="))
        }
    }

    @Test func `with AUTO_MIGRATE off it says what an empty database lacks, and stops`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let result = try await RunningServer.run(
                ["serve"], ["DATABASE_URL": database.target, "AUTO_MIGRATE": "off"])
            #expect(result.exit == .code(65))
            #expect(result.errors.contains("table users is missing"))
            #expect(result.errors.contains("credits migrate"))
            #expect(
                try await database.run("SELECT FROM pg_tables WHERE schemaname = 'public'").isEmpty)
        }
    }

    @Test func `not ready comes before refused connections, and a second signal ends at once`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let server = try await RunningServer.start([
                "DATABASE_URL": database.target, "SHUTDOWN_DELAY": "5m",
            ])
            server.program.signal(SIGTERM)
            let isUnready = try await eventually {
                try await server.send("GET", "/readyz").status == 503
            }
            #expect(isUnready)
            #expect(try await server.send("GET", "/livez").status == 200)
            server.program.signal(SIGINT)
            #expect(try await server.program.end().exit == .code(130))
        }
    }
}
