import Dispatch
import FoundationEssentials
import Glibc
import Logging
import Postgres
import PrivatePostgres
import Synchronization

// Theory of operation.
//
// One throw-away PostgreSQL a test process, started by the first test that asks and shared by all;
// each test makes itself a database in it. It does not outlive the process: the server gets a
// signal when we die, however we die, and the folder is removed at exit, or by the next test
// process that finds its owner gone.

/// The PostgreSQL of this test process.
package struct TestCluster: Sendable {
    private let cluster: PrivateCluster
    private static let databases = Atomic<Int>(0)
    private static let folderPrefix = "credits-tests-"
    private static let starting = Task { try await start() }

    /// Starts the server, or waits for the one that is starting.
    package static func shared() async throws -> TestCluster { try await starting.value }

    /// libpq keywords for the superuser, who may do what a test needs done to the others.
    package func administratorTarget(database: String = "postgres") -> String {
        Self.replacingDatabase(in: cluster.administratorConnectionString, with: database)
    }

    /// libpq keywords for the role `credits`, which is no superuser.
    package func target(database: String) -> String {
        Self.replacingDatabase(in: cluster.connectionString, with: database)
    }

    /// A new database that belongs to the role `credits`: empty, unless it is a copy.
    func makeDatabase(copyOf template: String = "template0") async throws -> TestDatabase {
        let number = Self.databases.add(1, ordering: .relaxed).newValue
        let name = "test_\(number)"
        try await DirectConnection.run(
            "CREATE DATABASE \(name) OWNER credits TEMPLATE \(template)",
            on: administratorTarget())
        let target = target(database: name)
        return TestDatabase(
            name: name, address: try DatabaseAddress(target), target: target,
            administratorTarget: administratorTarget(database: name))
    }

    func dropDatabase(_ name: String) async throws {
        try await DirectConnection.run(
            "DROP DATABASE IF EXISTS \(name) WITH (FORCE)", on: administratorTarget())
    }

    /// The last of two equal keywords counts (libpq's conninfo_parse).
    private static func replacingDatabase(in keywords: String, with name: String) -> String {
        "\(keywords) dbname=\(name)"
    }
}

// MARK: - From the first test to the process's end

extension TestCluster {
    private static func start() async throws -> TestCluster {
        removeLeftOvers()
        let folder = try makeTemporaryFolder(prefix: "\(home)/\(folderPrefix)\(getpid())-")
        let settings = PrivateClusterSettings(
            dataDirectory: folder, durable: false, maximumConnections: 400)
        let cluster = try await PrivateCluster.start(
            settings, logger: Logger(label: "test cluster"))
        stopAtExit()
        return TestCluster(cluster: cluster)
    }

    /// Memory where it has the room: a test's database is three hundred files, which are made and
    /// removed again.
    private static var home: String {
        var space = statvfs()
        let isThere = statvfs(memory, &space) == 0
        return isThere && space.f_bavail * space.f_frsize > 3 << 30 ? memory : disk
    }

    private static let memory = "/dev/shm"
    private static let disk = "/tmp"

    private static func stopAtExit() {
        atexit {
            let stopped = DispatchSemaphore(value: 0)
            Task.detached {
                await TestCluster.discard()
                stopped.signal()
            }
            // Should it not stop in time, the death signal and the next run's sweep do the rest.
            _ = stopped.wait(timeout: .now() + .seconds(10))
        }
    }

    private static func discard() async {
        // Without a cluster there is nothing to discard, and whoever asked for it has had the
        // error.
        guard let shared = try? await starting.value else { return }
        await shared.cluster.stop()
        _ = try? FileManager.default.removeItem(atPath: shared.cluster.folder)
    }

    /// The folders of test processes that were killed. Another user's stay: they cannot be removed.
    private static func removeLeftOvers() {
        for home in [memory, disk] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: home)) ?? []
            for name in names where isLeftOver(name) {
                _ = try? FileManager.default.removeItem(atPath: "\(home)/\(name)")
            }
        }
    }

    private static func isLeftOver(_ name: String) -> Bool {
        guard name.hasPrefix(folderPrefix) else { return false }
        let number = name.dropFirst(folderPrefix.count).prefix(while: \.isWholeNumber)
        return pid_t(number).map { kill($0, 0) != 0 && errno == ESRCH } ?? false
    }
}
