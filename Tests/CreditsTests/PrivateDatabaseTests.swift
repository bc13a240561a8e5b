import FoundationEssentials
import Glibc
import PrivatePostgres
import TestSupport
import Testing

/// `credits serve` without DATABASE_URL, by the real binary.
@Suite(.serialized) struct PrivateDatabaseTests {
    /// The private PostgreSQL's own process.
    private func postmaster(of folder: String) throws -> pid_t {
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder)
        let file = try #require(files.first { $0.hasSuffix("postmaster.pid") })
        let text = String(
            decoding: try Data(contentsOf: URL(filePath: folder + "/" + file)), as: UTF8.self)
        return try #require(text.split(separator: "\n").first.flatMap { pid_t($0) })
    }

    private func isGone(_ process: pid_t) async throws -> Bool {
        try await eventually { kill(process, 0) != 0 && errno == ESRCH }
    }

    @Test func `a new database has three users with 100 credits, and stops with the server`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let server = try await RunningServer.start(["DATA_DIR": folder + "/data"])
            for user in 1...3 {
                #expect(try await server.send("GET", "/api/credits/\(user)").members.credits == 100)
            }
            #expect(try await server.send("GET", "/api/credits/4").status == 404)
            let process = try postmaster(of: folder)
            #expect(try await server.stop().exit == .code(0))
            #expect(try await isGone(process))
        }
    }

    @Test func `a second process on the same folder works on the same database`() async throws {
        try await withTemporaryFolder { folder in
            let settings = ["DATA_DIR": folder + "/data"]
            let first = try await RunningServer.start(settings)
            let second = try await RunningServer.start(settings)
            _ = try await first.send("POST", "/api/credits/1/add", #"{"amount":5}"#)
            #expect(try await second.send("GET", "/api/credits/1").members.credits == 105)
            #expect(try await second.stop().exit == .code(0))
            #expect(try await first.send("GET", "/api/credits/1").members.credits == 105)
            #expect(try await first.stop().exit == .code(0))
        }
    }

    @Test func `kill -9 leaves no PostgreSQL behind, and no acknowledged credit is lost`()
        async throws
    {
        try await withTemporaryFolder { folder in
            let settings = ["DATA_DIR": folder + "/data"]
            let killed = try await RunningServer.start(settings)
            let process = try postmaster(of: folder)
            async let writing = acknowledgedAdds(killed)
            let hasBegun = try await eventually {
                try await killed.send("GET", "/api/credits/1").members.credits ?? 0 > 120
            }
            #expect(hasBegun)
            killed.program.signal(SIGKILL)
            _ = try await killed.program.end()
            let acknowledged = try await writing
            #expect(try await isGone(process))

            let next = try await RunningServer.start(settings)
            let balance = try await next.send("GET", "/api/credits/1").members.credits ?? 0
            // At most one write was on its way, unanswered.
            #expect((100 + acknowledged...101 + acknowledged).contains(balance))
            _ = try await next.stop()
        }
    }

    /// Adds 1 again and again, until the server is gone; how often it said 200.
    private func acknowledgedAdds(_ server: RunningServer) async throws -> Int {
        try await onThread { [port = server.port] in
            let client = try TestClient(port: port)
            var acknowledged = 0
            while let answer = try? client.send("POST", "/api/credits/1/add", #"{"amount":1}"#),
                answer.status == 200
            {
                acknowledged += 1
            }
            return acknowledged
        }
    }
}
