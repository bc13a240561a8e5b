import Glibc
import Logging
import TestSupport

@testable import PrivatePostgres

/// A throw-away home, the settings for it, and eyes on what runs there.
struct ClusterFixture: Sendable {
    let folder: String

    var home: ClusterHome { ClusterHome(folder: folder, account: nil) }

    func start(
        durable: Bool = false, progress: @escaping @Sendable (String) -> Void = { _ in }
    ) async throws -> PrivateCluster {
        try await PrivateCluster.start(
            PrivateClusterSettings(
                dataDirectory: folder, durable: durable, maximumConnections: 20),
            progress: progress, logger: Logger(label: "test"))
    }

    /// The processes, zombies apart, that work in the folder or name it in their arguments.
    var processes: [pid_t] {
        get throws {
            try Disk.names(in: "/proc").compactMap { pid_t($0) }.filter { process in
                guard process != getpid(),
                    let arguments = try? Disk.text(of: "/proc/\(process)/cmdline")
                else { return false }
                let place = Disk.resolved("/proc/\(process)/cwd") ?? ""
                return !arguments.isEmpty
                    && (place.hasPrefix(folder) || arguments.contains(folder))
            }
        }
    }

    var contents: [String] { get throws { try Disk.names(in: folder) } }

    static func with<Result: Sendable>(
        _ body: (ClusterFixture) async throws -> Result
    ) async throws -> Result {
        try await withTemporaryFolder { folder in
            try await body(ClusterFixture(folder: folder))
        }
    }

    /// A running cluster, stopped afterwards.
    static func withCluster<Result: Sendable>(
        _ body: (ClusterFixture, PrivateCluster) async throws -> Result
    ) async throws -> Result {
        try await with { fixture in
            let cluster = try await fixture.start()
            do {
                let result = try await body(fixture, cluster)
                await cluster.stop()
                return result
            } catch {
                await cluster.stop()
                throw error
            }
        }
    }
}
