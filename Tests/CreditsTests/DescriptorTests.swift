import FoundationEssentials
import PrivatePostgres
import TestSupport
import Testing

/// The binary where file descriptors run out.
@Suite(.serialized) struct DescriptorTests {
    /// Leaves the server exactly the descriptors that it has now, or gives it more again.
    private func limit(_ server: RunningServer, to count: Int) async throws {
        let result = try await TestProgram.run(
            "/usr/bin/prlimit", ["--pid", "\(server.program.identifier)", "--nofile=\(count):4096"])
        #expect(result.exit == .code(0), "\(result.errors)")
    }

    /// The smallest descriptor that the server has not: no new one may be as large.
    private func lowestFree(_ server: RunningServer) throws -> Int {
        let folder = "/proc/\(server.program.identifier)/fd"
        let open = Set(try FileManager.default.contentsOfDirectory(atPath: folder).map { Int($0) })
        return (0...open.count).first { !open.contains($0) } ?? 0
    }

    @Test func `out of descriptors it serves who is there, says so, and recovers`() async throws {
        try await withServer { server, _ in
            // Used by one thread after another.
            nonisolated(unsafe) let kept = try TestClient(port: server.port)
            #expect(try await onThread { try kept.send("GET", "/livez").status } == 200)
            try await limit(server, to: try lowestFree(server))
            async let waiting = server.send("GET", "/livez").status
            try await server.program.waitForText("accepting pauses")
            for _ in 0..<10 {
                #expect(try await onThread { try kept.send("GET", "/livez").status } == 200)
            }
            try await limit(server, to: 4096)
            #expect(try await waiting == 200)
            let log = try await server.program.waitForText("accepting goes on")
            #expect(log.split(separator: "accepting pauses").count == 2)
        }
    }

    @Test func `with few descriptors fewer connections are let in, and the database keeps its own`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let server = try await RunningServer.start(
                descriptors: 200, ["DATABASE_URL": database.target, "DATABASE_POOL_SIZE": "8"])
            let port = server.port
            let statuses = try await onThread {
                var clients: [TestClient] = []
                var statuses: [Int: Int] = [:]
                for _ in 0..<110 {
                    let client = try TestClient(port: port)
                    clients.append(client)
                    statuses[try client.send("GET", "/readyz").status, default: 0] += 1
                }
                return statuses
            }
            #expect(statuses == [200: 100, 503: 10])
            let result = try await server.stop()
            #expect(result.exit == .code(0))
            #expect(result.errors.contains("fewer file descriptors than HTTP_MAX_CONNECTIONS"))
            #expect(!result.errors.contains("accepting pauses"))
        }
    }
}
