import ArgumentParser

/// `credits serve`, and `credits` alone.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Run the service (the default command).",
        discussion: """
            Without DATABASE_URL it starts a private PostgreSQL in DATA_DIR. It prints the \
            addresses to standard output when it is ready, and logs to standard error. SIGTERM or \
            SIGINT (Ctrl-C) stop it gracefully, a second one at once.

            Each setting is a flag, an environment variable or a line in .env, in this order of \
            strength: --port 9000, PORT=9000. --help-hidden lists the limits, too.

            EXAMPLES:
              credits                                  try it out, on http://localhost:8000
              credits serve --port 9000
              DATABASE_URL=postgresql://app@db/shop credits serve
              ADMIN_TOKEN=$(openssl rand -hex 32) credits serve --host 0.0.0.0
            """)

    @OptionGroup var options: ServiceOptions

    func run() async throws {
        let loaded = try options.load()
        try loaded.settings.check()
        try await ServerProcess(loaded: loaded, logger: loaded.logger()).run()
    }
}
