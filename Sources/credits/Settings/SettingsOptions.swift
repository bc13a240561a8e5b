import ArgumentParser
import FoundationEssentials

/// Every flag of the settings table, for the commands that heed them all.
struct SettingsOptions: ParsableArguments {
    @OptionGroup(title: SettingsSection.server.rawValue)
    private var server: SettingFlags<ServerFlags>
    @OptionGroup private var others: DatabaseOptions

    func load() throws(BadConfiguration) -> LoadedSettings {
        try others.load(with: server.texts)
    }
}

/// The flags for commands that work on the database and serve nobody, and the file of settings.
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
    func load(with moreFlags: [String: String] = [:]) throws(BadConfiguration) -> LoadedSettings {
        let flags = [database.texts, credits.texts, logging.texts, limits.texts]
            .reduce(into: moreFlags) { all, some in all.merge(some) { first, _ in first } }
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
