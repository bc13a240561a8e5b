import ArgumentParser
import Ledger
import Logging

/// `credits migrate`: the tables, brought up to date by hand.
struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring the database's tables up to date, as the service does at its start.",
        discussion: """
            It may be run at any time, on an empty database, on an older version's tables, and on \
            those of the FastAPI original with their data. All of it is done, or nothing.
            """)

    @Flag(help: "Only say what is missing, and exit with 1 if anything is.") var check = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.withDatabase { database, loaded, logger in
            try await database.withMigrator(loaded.settings) { migrator in
                try await migrate(with: migrator, logger: logger)
            }
        }
    }

    private func migrate(with migrator: SchemaMigrator, logger: Logger) async throws {
        let missing = try await migrator.missingParts()
        guard !missing.isEmpty else {
            return StandardStream.output.write("The tables are up to date.\n")
        }
        let list = missing.map { "  \($0)\n" }.joined()
        StandardStream.output.write("Not up to date:\n\(list)")
        guard !check else { throw ExitCode(ProgramStatus.failure.rawValue) }
        try await SchemaGate(migrator: migrator, logger: logger).apply()
        StandardStream.output.write("Brought up to date.\n")
    }
}
