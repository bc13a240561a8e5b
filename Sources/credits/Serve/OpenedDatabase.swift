import FoundationEssentials
import Glibc
import Ledger
import Logging
import Postgres
import PrivatePostgres
import Reactor

/// The database that a command works on: the one that DATABASE_URL names, or the private one, which
/// is started where no other process has done so.
struct OpenedDatabase: Sendable {
    let address: DatabaseAddress
    /// nil where DATABASE_URL is set.
    let cluster: PrivateCluster?
    let pool: ConnectionPool
    private let loop: EventLoop
    private let logger: Logger

    /// Returns when the database answers, or throws what to tell the user.
    static func open(
        _ loaded: LoadedSettings, on loop: EventLoop, logger: Logger
    ) async throws -> OpenedDatabase {
        let settings = loaded.settings
        let (address, cluster) = try await reach(loaded, logger: logger)
        let pool = ConnectionPool(
            address: address, settings: settings.pool, loop: loop, logger: logger)
        let database = OpenedDatabase(
            address: address, cluster: cluster, pool: pool, loop: loop, logger: logger)
        do {
            try await DatabasePatience(limit: settings.databaseWait, logger: logger)
                .waitUntilAnswering(pool)
            return database
        } catch {
            await database.close()
            throw error
        }
    }

    /// Whether `open` will make a new private PostgreSQL.
    static func isToBeMade(_ loaded: LoadedSettings) -> Bool {
        loaded.settings.databaseURL == nil && !clusterSettings(loaded).isMade
    }

    /// The private PostgreSQL was made by this start, and there is nobody in it.
    var isNew: Bool { cluster?.isNew ?? false }

    /// The connections first: PostgreSQL would cut them.
    func close() async {
        await pool.shutdown()
        await cluster?.stop()
    }

    /// Lends a migrator on a connection of its own.
    func withMigrator(
        _ settings: Settings, _ body: (SchemaMigrator) async throws -> Void
    ) async throws {
        let pool = ConnectionPool(
            address: address, settings: settings.migrationPool, loop: loop, logger: logger)
        do {
            try await body(SchemaMigrator(pool: pool))
        } catch {
            await pool.shutdown()
            throw error
        }
        await pool.shutdown()
    }

    private static func reach(
        _ loaded: LoadedSettings, logger: Logger
    ) async throws -> (DatabaseAddress, PrivateCluster?) {
        if let url = loaded.settings.databaseURL {
            let address = try address(url, from: loaded)
            for warning in address.warnings { logger.warning("DATABASE_URL: \(warning)") }
            return (address, nil)
        }
        // libpq prefers these to the socket of our own server, and would reach another one.
        for name in ["PGHOSTADDR", "PGSERVICE", "PGSERVICEFILE", "PGOPTIONS"]
        where getenv(name) != nil { unsetenv(name) }
        let cluster = try await PrivateCluster.start(
            clusterSettings(loaded), progress: { logger.info("\($0)") }, logger: logger)
        do {
            return (try DatabaseAddress(cluster.connectionString), cluster)
        } catch {
            await cluster.stop()
            throw error
        }
    }

    private static func address(
        _ url: String, from loaded: LoadedSettings
    ) throws(ProgramFailure) -> DatabaseAddress {
        do {
            return try DatabaseAddress(url)
        } catch {
            let origin = loaded.origin(of: "DATABASE_URL").description
            throw ProgramFailure(.configuration, "DATABASE_URL (from \(origin)): \(error)")
        }
    }

    private static func clusterSettings(_ loaded: LoadedSettings) -> PrivateClusterSettings {
        let given = loaded.settings.dataDirectory
        let folder = given.hasPrefix("./") ? String(given.dropFirst(2)) : given
        let current = FileManager.default.currentDirectoryPath
        return PrivateClusterSettings(
            dataDirectory: folder.hasPrefix("/") ? folder : current + "/" + folder,
            isDefaultLocation: loaded.origin(of: "DATA_DIR") == .builtIn)
    }
}
