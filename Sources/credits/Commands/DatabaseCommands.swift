import Ledger
import Logging
import Reactor

extension SettingsOptions {
    /// Opens the database for the length of a command, and closes it whatever happens.
    func withDatabase(
        _ body: (OpenedDatabase, LoadedSettings, Logger) async throws -> Void
    ) async throws {
        let loaded = try load()
        let logger = loaded.logger()
        for warning in loaded.warnings { logger.warning("\(warning)") }
        let loops = try EventLoopGroup(count: 1, label: "credits.loop")
        defer { loops.close() }
        let database = try await OpenedDatabase.open(loaded, on: loops.loops[0], logger: logger)
        do {
            try await body(database, loaded, logger)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }

    /// The same for a command that needs the tables, and does not make them.
    func withTables(
        _ body: (OpenedDatabase, LoadedSettings, Logger) async throws -> Void
    ) async throws {
        try await withDatabase { database, loaded, logger in
            try await database.withMigrator(loaded.settings) { migrator in
                let missing = try await migrator.missingParts()
                guard missing.isEmpty else { throw ProgramFailure.tables(missing) }
            }
            try await body(database, loaded, logger)
        }
    }
}

extension ProgramFailure {
    fileprivate static func tables(_ missing: [String]) -> ProgramFailure {
        let list = missing.map { "  \($0)\n" }.joined()
        return ProgramFailure(
            .schema, "the tables are not up to date:\n\(list)Run `credits migrate` first.")
    }
}
