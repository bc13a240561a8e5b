import ArgumentParser

/// The program.
@main
struct CreditsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "credits",
        abstract: "Keeps users' credits: an HTTP service on PostgreSQL.",
        discussion: """
            EXAMPLES:
              credits                          run the service on http://localhost:8000
              credits serve --port 9000        the same on another port
              credits serve --help-hidden      every setting
              credits config                   what is in force, and from where
              credits migrate                  bring the tables up to date
              credits grant --day 2026-11-22   run a day's grant by hand
              credits keys create --name shop --scope credits:read
              credits verify                   prove that every balance adds up
              credits openapi -o openapi.json

            \(ProgramStatus.help)
            """,
        version: ProductVersion.text,
        subcommands: [
            ServeCommand.self, MigrateCommand.self, GrantCommand.self, VerifyCommand.self,
            KeysCommand.self,
            OpenAPICommand.self, PostmanCommand.self, ConfigCommand.self,
        ],
        defaultSubcommand: ServeCommand.self)

    static func main() async {
        FirstProcess.heedSignals()
        do {
            var command = try parseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = ProgramFailure(explaining: error) else { exit(withError: error) }
            StandardStream.error.write("credits: \(failure)\n")
            exit(withError: ExitCode(failure.status.rawValue))
        }
    }
}
