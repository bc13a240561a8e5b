import Glibc
import Logging
import TestSupport
import Testing

@testable import PrivatePostgres

@Suite("Folders and machines that it refuses", .serialized)
struct RefusalTests {
    @Test func `a folder of another major version is left as it is`() async throws {
        try await ClusterFixture.with { fixture in
            try Disk.makeFolder(fixture.home.data, mode: 0o700)
            try Disk.write("9\n", to: fixture.home.data + "/PG_VERSION")
            let error = await #expect(throws: PrivateClusterError.self) {
                try await fixture.start()
            }
            guard case .otherMajorVersion(_, let made, let installed) = error else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(made == "9" && !installed.isEmpty)
            #expect(try Disk.names(in: fixture.home.data) == ["PG_VERSION"])
        }
    }

    @Test func `a data directory that is not ours is left as it is`() async throws {
        try await ClusterFixture.with { fixture in
            try Disk.write("15\n", to: fixture.folder + "/PG_VERSION")
            await #expect(
                throws: PrivateClusterError.notOurFolder(
                    folder: fixture.folder, found: "a PostgreSQL data directory")
            ) { try await fixture.start() }
        }
    }

    @Test func `a damaged cluster is never made anew, and the error shows the log`() async throws {
        try await ClusterFixture.with { fixture in
            await fixture.make()
            Disk.remove(fixture.home.data + "/global")
            let error = await #expect(throws: PrivateClusterError.self) {
                try await fixture.start()
            }
            guard case .programFailed("PostgreSQL", .code, let lines, _) = error else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(lines.contains { $0.contains("global") })
        }
    }

    @Test func `without PostgreSQL it names the commands that mend it`() async throws {
        let nowhere = BinarySearch(debianRoot: "/nowhere", searchPath: ["/nowhere/bin"])
        let error = await #expect(throws: PrivateClusterError.self) {
            try await nowhere.binaries(for: nil, in: "/data")
        }
        let text = try #require(error).description
        #expect(text.contains("apt-get update") && text.contains("apt-get install"))
    }

    @Test func `a server that somebody else runs on the folder is named`() async throws {
        try await ClusterFixture.withCluster { fixture, cluster in
            let process = try #require(await cluster.process).identifier
            Disk.remove(fixture.home.lock)  // as if the owner knew nothing of locks
            await #expect(
                throws: PrivateClusterError.inUse(folder: fixture.home.data, process: process)
            ) { try await fixture.start() }
        }
    }

    @Test func `a socket folder in the hands of another user is not used`() async throws {
        guard geteuid() == 0 else { return }  // only root can make one
        try await ClusterFixture.with { fixture in
            let stranger = try #require(Account(name: "nobody"))
            try Disk.makeFolder(fixture.home.socket, mode: 0o777)
            try Disk.give(fixture.home.socket, to: stranger)
            await #expect(
                throws: PrivateClusterError.unsafeSocketFolder(path: fixture.home.socket)
            ) { try await fixture.start() }
        }
    }

    @Test(arguments: [
        PrivateClusterError.notInstalled(searched: ["/a"]),
        .otherMajorVersion(folder: "/a", made: "13", installed: [15]),
        .notOurFolder(folder: "/a", found: "b"), .noAccount,
        .unreachable(folder: "/a/b", closed: "/a", account: "postgres"),
        .unsafeSocketFolder(path: "/a"), .inUse(folder: "/a", process: 1),
        .programFailed(program: "initdb", exit: .code(1), lastLines: ["x"], log: "/a/log"),
        .system(call: "open", path: "/a", code: ENOSPC),
    ])
    func `every refusal says what to do`(error: PrivateClusterError) {
        let verbs = ["Install", "Choose", "Start", "Stop", "Remove", "Mend", "Check"]
        #expect(verbs.contains { "\(error)".contains($0) })
    }
}
