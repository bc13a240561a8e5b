import ArgumentParser
import FoundationEssentials

typealias ServiceOptions = SettingsOptions<ServiceUse>
typealias DatabaseOptions = SettingsOptions<DatabaseUse>
typealias GrantOptions = SettingsOptions<GrantUse>

/// The flags of a command for the settings that it uses, and the file of settings.
///
/// A debug build of ArgumentParser checks a group of flags four times whenever it looks at the
/// group around it, and checks nest. So no group stands deeper here than it must.
struct SettingsOptions<Use: SettingsUse>: ParsableArguments {
    @OptionGroup(title: SettingsSection.server.rawValue)
    private var server: SettingFlags<Use, ServerFlags>
    @OptionGroup(title: SettingsSection.database.rawValue)
    private var database: SettingFlags<Use, DatabaseFlags>
    @OptionGroup(title: SettingsSection.credits.rawValue)
    private var credits: SettingFlags<Use, CreditsFlags>
    @OptionGroup(title: SettingsSection.logging.rawValue)
    private var logging: SettingFlags<Use, LoggingFlags>
    @OptionGroup(title: SettingsSection.httpLimits.rawValue)
    private var httpLimits: SettingFlags<Use, HTTPLimitsFlags>
    @OptionGroup(title: SettingsSection.limits.rawValue)
    private var limits: SettingFlags<Use, LimitsFlags>

    @Option(
        name: .customLong("env-file"),
        help: "The file with settings. (default: .env in the current folder, if there is one)")
    private var environmentFile: String?

    /// Reads all sources, or says everything that is wrong with them.
    func load() throws(BadConfiguration) -> LoadedSettings {
        let texts = [
            server.texts, database.texts, credits.texts, logging.texts, httpLimits.texts,
            limits.texts,
        ]
        return try LoadedSettings(
            SettingSources(
                flags: texts.reduce(into: [:]) { $0.merge($1) { first, _ in first } },
                environment: ProcessInfo.processInfo.environment,
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
