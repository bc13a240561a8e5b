import Glibc
import Logging
import TestSupport
import Testing

@testable import PrivatePostgres

@Suite("Starting and stopping a private PostgreSQL")
struct StartTests {
    @Test func `the first start makes a cluster and the second finds its data`() async throws {
        try await ClusterFixture.with { fixture in
            let first = try await fixture.start(durable: true)
            #expect(first.isNew && !first.isAttached)
            try await DirectConnection.run(
                "CREATE TABLE kept AS SELECT 42 AS answer", on: first.connectionString)
            await first.stop()
            #expect(try fixture.processes.isEmpty)

            let second = try await fixture.start(durable: true)
            #expect(!second.isNew)
            let rows = try await DirectConnection.run(
                "SELECT answer FROM kept", on: second.connectionString)
            #expect(rows == [["42"]])
            await second.stop()
        }
    }

    @Test func `it is durable unless told otherwise, and keeps checksums and UTC`() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = try await fixture.start(durable: true)
            let rows = try await DirectConnection.run(
                """
                SELECT current_setting('fsync'), current_setting('synchronous_commit'),
                    current_setting('data_checksums'), current_setting('timezone'),
                    current_setting('listen_addresses'), current_setting('server_encoding')
                """, on: cluster.connectionString)
            await cluster.stop()
            #expect(rows == [["on", "on", "on", "UTC", "", "UTF8"]])
        }
    }

    @Test func `a folder for one user only holds the socket`() async throws {
        try await ClusterFixture.withCluster { fixture, _ in
            for path in [fixture.home.socket, fixture.home.data] {
                let entry = try #require(try Disk.entry(at: path))
                #expect(entry.permissions & 0o077 == 0, "\(path)")
            }
        }
    }

    @Test func `a second process attaches, and leaves the server running`() async throws {
        try await ClusterFixture.withCluster { fixture, owner in
            let guest = try await fixture.start()
            #expect(guest.isAttached && !guest.isNew)
            #expect(guest.connectionString == owner.connectionString)
            await guest.stop()
            try await DirectConnection.run("SELECT 1", on: owner.connectionString)
        }
    }

    @Test func `of several that start at once one makes the cluster`() async throws {
        try await ClusterFixture.with { fixture in
            let clusters = try await withThrowingTaskGroup(of: PrivateCluster.self) { group in
                for _ in 0..<4 { group.addTask { try await fixture.start() } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(clusters.count { $0.isNew } == 1)
            #expect(clusters.count { $0.isAttached } == 3)
            #expect(Set(clusters.map(\.connectionString)).count == 1)
            for cluster in clusters { await cluster.stop() }
            let left = try fixture.processes
            #expect(left.isEmpty)
        }
    }

    @Test func `a path that is too long for a socket gets a short socket folder`() async throws {
        try await ClusterFixture.with { fixture in
            let long = ClusterFixture(
                folder: fixture.folder + "/" + String(repeating: "long", count: 25))
            let cluster = try await long.start()
            #expect(!SocketFolder.isUsable(long.home.socket))
            let rows = try await DirectConnection.run(
                "SHOW unix_socket_directories", on: cluster.administratorConnectionString)
            let socketFolder = try #require(rows.first?.first ?? nil)
            #expect(socketFolder == SocketFolder.substitute(for: long.home))
            await cluster.stop()
            #expect(try Disk.entry(at: socketFolder) == nil)
        }
    }

    @Test(arguments: ["it's spaced", "a\\, \"b\" $(false)"])
    func `an odd name of a folder works`(name: String) async throws {
        try await ClusterFixture.with { fixture in
            let odd = ClusterFixture(folder: fixture.folder + "/" + name)
            let cluster = try await odd.start()
            let rows = try await DirectConnection.run(
                "SELECT current_user, current_database()", on: cluster.connectionString)
            #expect(rows == [["credits", "credits"]])
            await cluster.stop()
        }
    }

    @Test func `a cancelled start leaves nothing running`() async throws {
        try await ClusterFixture.with { fixture in
            let (lines, heard) = AsyncStream.makeStream(of: String.self)
            let start = Task { try await fixture.start { heard.yield($0) } }
            for await line in lines where line.hasPrefix("starting") { break }
            start.cancel()
            // It was already up, or it was cancelled: either is right, and nothing stays.
            if let cluster = try? await start.value { await cluster.stop() }
            let left = try fixture.processes
            #expect(left.isEmpty)
        }
    }

    @Test func `a client's open transaction does not hold up the stop`() async throws {
        try await ClusterFixture.with { fixture in
            let cluster = try await fixture.start()
            let client = try DirectConnection(cluster.connectionString)
            try client.run("BEGIN; CREATE TABLE never (n int)")
            await cluster.stop()
            #expect(throws: DirectError.self) { _ = try client.run("COMMIT") }
        }
    }
}
