import Glibc
import Logging
import TestSupport
import Testing

@testable import PrivatePostgres

/// PostgreSQL refuses root: these need to be root, as in a container, to have something to test.
@Suite("Started by root", .serialized, .enabled(if: geteuid() == 0))
struct RootTests {
    @Test func `the server runs as an ordinary user`() async throws {
        try await ClusterFixture.withCluster { _, cluster in
            let process = try #require(await cluster.process).identifier
            let entry = try #require(try Disk.entry(at: "/proc/\(process)"))
            #expect(entry.owner != 0)
        }
    }

    @Test func `a chosen folder that the server's user cannot reach is refused`() async throws {
        try await withClosedFolder { closed in
            let settings = PrivateClusterSettings(dataDirectory: closed + "/data", durable: false)
            await #expect(
                throws: PrivateClusterError.unreachable(
                    folder: closed + "/data", closed: closed, account: "postgres")
            ) { try await PrivateCluster.start(settings, logger: Logger(label: "test")) }
        }
    }

    @Test func `the default folder moves to where the server's user can reach it`() async throws {
        try await withClosedFolder { closed in
            let settings = PrivateClusterSettings(
                dataDirectory: closed + "/data", isDefaultLocation: true, durable: false)
            let (heard, line) = AsyncStream.makeStream(of: String.self)
            let first = try await PrivateCluster.start(
                settings, progress: { line.yield($0) }, logger: Logger(label: "test"))
            defer { Disk.remove(first.folder) }
            #expect(first.folder.hasPrefix("/var/lib/credits/"))
            #expect(try Disk.target(ofLink: closed + "/data") == first.folder)
            await first.stop()
            line.finish()
            let lines = await heard.reduce(into: []) { $0.append($1) }
            #expect(lines.contains { $0.contains(first.folder) })

            let second = try await PrivateCluster.start(settings, logger: Logger(label: "test"))
            #expect(second.folder == first.folder && !second.isNew)
            await second.stop()
        }
    }

    private func withClosedFolder(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let closed = folder + "/closed"
            try Disk.makeFolder(closed, mode: 0o700)
            chmod(folder, 0o755)
            try await body(closed)
        }
    }
}
