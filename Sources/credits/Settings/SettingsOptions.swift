import ArgumentParser
import FoundationEssentials

// A debug build of ArgumentParser checks a group of flags four times whenever it looks at the group
// around it, and checks nest. So no group stands deeper here than it must.

/// The flags of who serves, for the commands that heed every setting.
struct ServerOptions: ParsableArguments {
    @OptionGroup(title: SettingsSection.server.rawValue)
    private var server: SettingFlags<ServerFlags>
    @OptionGroup(title: SettingsSection.httpLimits.rawValue)
    private var limits: SettingFlags<HTTPLimitsFlags>

    var texts: [String: String] { server.texts.merging(limits.texts) { first, _ in first } }
}

/// The flags for all commands that work on the database, and the file of settings.
struct DatabaseOptions: ParsableArguments {
    @OptionGroup(title: SettingsSection.database.rawValue)
    private var database: SettingFlags<DatabaseFlags>
    @OptionGroup(title: SettingsSection.credits.rawValue)
    private var credits: SettingFlags<CreditsFlags>
    @OptionGroup(title: SettingsSection.logging.rawValue)
    private var logging: SettingFlags<LoggingFlags>
    @OptionGroup(title: SettingsSection.limits.rawValue)
    private var limits: SettingFlags<LimitsFlags>

    @Option(
        name: .customLong("env-file"),
        help: "The file with settings. (default: .env in the current folder, if there is one)")
    private var environmentFile: String?

    /// Reads all sources, or says everything that is wrong with them.
    func load(with server: ServerOptions? = nil) throws(BadConfiguration) -> LoadedSettings {
        let flags = [database.texts, credits.texts, logging.texts, limits.texts]
            .reduce(into: server?.texts ?? [:]) { all, some in
                all.merge(some) { first, _ in first }
            }
        return try LoadedSettings(
            SettingSources(
                flags: flags, environment: ProcessInfo.processInfo.environment,
                file: try Self.file(at: environmentFile)))
    }

    /// A file that was asked for must be there; `.env` may be missing.
    private static func file(at path: String?) throws(BadConfiguration) -> EnvironmentFile? {
        let effective = path ?? ".env"
        guard path != nil || FileManager.default.fileExists(atPath: effective) else { return nil }
        guard let data = FileManager.default.contents(atPath: effective) else {
            throw BadConfiguration(problems: ["\(effective) cannot be read"])
        }
        return EnvironmentFile(path: effective, text: String(decoding: data, as: UTF8.self))
    }
}
