import Glibc
import Logging
import TestSupport
import Testing

@testable import PrivatePostgres

/// Each row's owner is a process of its own (an exit test) that kills itself with signal 9.
@Suite("Kill -9, of the owner and of the server")
struct CrashTests {
    @Test(arguments: [0, 150, 500, 900])
    func `an owner killed while it makes the cluster leaves no half of one`(
        milliseconds: Int
    ) async throws {
        try await ClusterFixture.with { fixture in
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = fixture.folder as String, milliseconds = milliseconds as Int] in
                _ = try await ClusterFixture(folder: folder).start { line in
                    guard line.hasPrefix("making") else { return }
                    Task.detached {
                        try await Task.sleep(for: .milliseconds(milliseconds))
                        kill(getpid(), SIGKILL)
                    }
                }
                try await Task.sleep(for: .seconds(60))  // the signal comes first
            }
            try await expectRecovery(of: fixture)
        }
    }

    @Test(arguments: [0, 40])
    func `an owner killed while the server starts leaves no server`(
        milliseconds: Int
    ) async throws {
        try await ClusterFixture.with { fixture in
            await fixture.make()
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = fixture.folder as String, milliseconds = milliseconds as Int] in
                _ = try await ClusterFixture(folder: folder).start { line in
                    guard line.hasPrefix("starting") else { return }
                    Task.detached {
                        try await Task.sleep(for: .milliseconds(milliseconds))
                        kill(getpid(), SIGKILL)
                    }
                }
                try await Task.sleep(for: .seconds(60))  // the signal comes first
            }
            try await expectRecovery(of: fixture)
        }
    }

    @Test func `an owner killed in service leaves no server, and what was committed`() async throws
    {
        try await ClusterFixture.with { fixture in
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = fixture.folder as String] in
                let cluster = try await ClusterFixture(folder: folder).start()
                try await DirectConnection.run(
                    "CREATE TABLE kept AS SELECT 42 AS answer", on: cluster.connectionString)
                kill(getpid(), SIGKILL)
            }
            #expect(try await eventually { try fixture.processes.isEmpty })
            let cluster = try await fixture.start()
            let rows = try await DirectConnection.run(
                "SELECT answer FROM kept", on: cluster.connectionString)
            #expect(rows == [["42"]])
            await cluster.stop()
        }
    }

    @Test func `a start right after the owner's death waits for the old server`() async throws {
        try await ClusterFixture.with { fixture in
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = fixture.folder as String] in
                let cluster = try await ClusterFixture(folder: folder).start()
                try await DirectConnection.run("SELECT 1", on: cluster.connectionString)
                kill(getpid(), SIGKILL)
            }
            let cluster = try await fixture.start()
            #expect(!cluster.isNew)
            try await DirectConnection.run("SELECT 1", on: cluster.connectionString)
            await cluster.stop()
        }
    }

    @Test func `a server that is killed is started again with its data`() async throws {
        try await ClusterFixture.withCluster { fixture, cluster in
            let target = cluster.connectionString
            try await DirectConnection.run("CREATE TABLE kept AS SELECT 42 AS answer", on: target)
            let before = try #require(await cluster.process)
            before.signal(SIGKILL)
            #expect(await before.end() == .signal(SIGKILL))
            var rows: [[String?]] = []
            let isBack = try await eventually {
                // Refused until it is up again.
                rows =
                    (try? await DirectConnection.run("SELECT answer FROM kept", on: target)) ?? []
                return !rows.isEmpty
            }
            #expect(isBack && rows == [["42"]])
        }
    }

    @Test func `an owner and its server killed together lose nothing that was committed`()
        async throws
    {
        try await ClusterFixture.with { fixture in
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = fixture.folder as String] in
                let cluster = try await ClusterFixture(folder: folder).start()
                try await DirectConnection.run(
                    "CREATE TABLE kept AS SELECT 42 AS answer", on: cluster.connectionString)
                await cluster.process?.signal(SIGKILL)
                kill(getpid(), SIGKILL)
            }
            let cluster = try await fixture.start()
            let rows = try await DirectConnection.run(
                "SELECT answer FROM kept", on: cluster.connectionString)
            #expect(rows == [["42"]])
            await cluster.stop()
        }
    }

    /// In a container process numbers are small, and soon somebody else's.
    @Test func `a dead server's number that another process has now is no hindrance`() async throws
    {
        try await ClusterFixture.with { fixture in
            await fixture.make()
            let entry = try #require(try Disk.entry(at: fixture.home.data))
            let owner = try #require(Account(user: entry.owner))
            var sleep = ChildCommand("/bin/sleep", ["600"])
            sleep.account = owner == .current ? nil : owner
            let stranger = try await ChildProcess.launch(sleep)
            let file = fixture.home.data + "/postmaster.pid"
            try Disk.write(
                "\(stranger.identifier)\n\(fixture.home.data)\n1\n5432\n\n\n", to: file)
            try Disk.give(file, to: owner)
            let cluster = try await fixture.start()
            try await DirectConnection.run("SELECT 1", on: cluster.connectionString)
            await cluster.stop()
            #expect(stranger.ended == nil)
            stranger.signal(SIGKILL)
            _ = await stranger.end()
        }
    }

    @Test func `when the owner is killed, one that attached takes the server over`() async throws {
        try await ClusterFixture.with { fixture in
            await fixture.make()
            async let ownersEnd = #expect(processExitsWith: .signal(SIGKILL)) {
                [folder = fixture.folder as String] in
                _ = try await ClusterFixture(folder: folder).start()
                let isAttached = try await eventually {
                    Disk.exists(folder + "/attached")
                }
                if isAttached { kill(getpid(), SIGKILL) }
            }
            #expect(try await eventually { Disk.exists(fixture.home.data + "/postmaster.pid") })
            let cluster = try await fixture.start()
            #expect(cluster.isAttached)
            try Disk.write("", to: fixture.folder + "/attached")
            _ = await ownersEnd
            #expect(
                try await eventually {
                    // Refused until the new owner's server is up.
                    let rows = try? await DirectConnection.run(
                        "SELECT 1", on: cluster.connectionString)
                    return await cluster.process != nil && rows == [["1"]]
                })
            await cluster.stop()
            #expect(try fixture.processes.isEmpty)
        }
    }

    /// No process is left, nothing unfinished counts, and a start makes all well.
    private func expectRecovery(of fixture: ClusterFixture) async throws {
        #expect(try await eventually { try fixture.processes.isEmpty })
        let cluster = try await fixture.start()
        let rows = try await DirectConnection.run(
            "SELECT current_user, current_database()", on: cluster.connectionString)
        #expect(rows == [["credits", "credits"]])
        await cluster.stop()
        #expect(try fixture.contents.allSatisfy { !$0.hasPrefix("initializing") })
    }
}

extension ClusterFixture {
    /// A finished cluster that does not run.
    func make() async {
        await #expect(throws: Never.self) {
            let cluster = try await start()
            await cluster.stop()
        }
    }
}
