import ArgumentParser

/// `credits config`: what is in force, and from where.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show the settings that are in force, and where each comes from.")

    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Print a .env file with every setting, its default and its explanation.")
    var example = false
    @OptionGroup var options: ServiceOptions

    func run() throws {
        if example { return StandardStream.output.write(SettingsReport.example) }
        let loaded = try options.load()
        for warning in loaded.warnings { StandardStream.error.write("credits: \(warning)\n") }
        let report = SettingsReport(inForce: loaded.inForce)
        StandardStream.output.write(json ? try report.json() : report.text)
    }
}
