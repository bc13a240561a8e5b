import Logging
import Reactor

extension DatabaseOptions {
    /// Opens the database for the length of a command, and closes it whatever happens.
    func withDatabase(
        _ body: (OpenedDatabase, Settings, Logger) async throws -> Void
    ) async throws {
        let loaded = try load()
        let logger = loaded.logger()
        for warning in loaded.warnings { logger.warning("\(warning)") }
        let loops = try EventLoopGroup(count: 1, label: "credits.loop")
        defer { loops.close() }
        let database = try await OpenedDatabase.open(loaded, on: loops.loops[0], logger: logger)
        do {
            try await body(database, loaded.settings, logger)
        } catch {
            await database.close()
            throw error
        }
        await database.close()
    }
}
