import Configuration
import Synchronization

/// Where a value came from, the strongest first.
enum SettingOrigin: Sendable, Equatable {
    case flag
    case environment
    case file(path: String, line: Int)
    case builtIn

    var description: String {
        switch self {
        case .flag: "flag"
        case .environment: "environment"
        case .file(let path, let line): "\(path), line \(line)"
        case .builtIn: "default"
        }
    }
}

/// What is to be read, the strongest first: flags > environment > .env > defaults.
struct SettingSources: Sendable {
    /// By setting name, as given on the command line.
    var flags: [String: String] = [:]
    var environment: [String: String] = [:]
    var file: EnvironmentFile?
}

/// A setting with the value that is in force.
struct SettingInForce: Sendable {
    let setting: Setting
    /// In its canonical spelling.
    let text: String
    let origin: SettingOrigin
}

/// Everything that is wrong with the configuration, found in one go.
struct BadConfiguration: Error, Equatable {
    let problems: [String]
}

/// The settings in force, each with its origin, and what is worth a warning.
struct LoadedSettings: Sendable {
    let settings: Settings
    let inForce: [SettingInForce]
    let warnings: [String]

    init(_ sources: SettingSources) throws(BadConfiguration) {
        var settings = Settings()
        var inForce: [SettingInForce] = []
        var problems = Self.malformedLines(sources.file)
        let reader = SettingReader(sources)
        for setting in SettingsTable.all {
            let (text, origin) = reader.read(setting)
            // Set to nothing is not set: `ADMIN_TOKEN=` in a compose file means the default.
            guard !text.isEmpty else {
                inForce.append(
                    SettingInForce(setting: setting, text: setting.defaultText, origin: origin))
                continue
            }
            if let canonical = setting.apply(text, &settings) {
                inForce.append(SettingInForce(setting: setting, text: canonical, origin: origin))
            } else {
                problems.append(Self.badValue(text, of: setting, from: origin))
            }
        }
        guard problems.isEmpty else { throw BadConfiguration(problems: problems) }
        self.settings = settings
        self.inForce = inForce
        warnings = Self.doubtful(sources.file)
    }

    /// Where the value in force comes from.
    func origin(of name: String) -> SettingOrigin {
        inForce.first { $0.setting.name == name }?.origin ?? .builtIn
    }

    private static func badValue(
        _ text: String, of setting: Setting, from origin: SettingOrigin
    ) -> String {
        let source =
            switch origin {
            case .flag: "from the flag --\(setting.flag)"
            case .environment: "from the environment"
            case .file(let path, let line): "from \(path), line \(line)"
            case .builtIn: "the default"
            }
        let value =
            switch setting.disclosure {
            case .plain: "\"\(text.prefix(80))\""
            case .hidden, .redacted: "the value (hidden)"
            }
        return "\(setting.name): \(value), \(source), is not \(setting.expectation)"
    }

    private static func malformedLines(_ file: EnvironmentFile?) -> [String] {
        guard let file else { return [] }
        return file.malformations.map {
            "\(file.path), line \($0.line) cannot be read: \($0.explanation)"
        }
    }

    /// Names that no setting has, and names that stand twice.
    private static func doubtful(_ file: EnvironmentFile?) -> [String] {
        guard let file else { return [] }
        let names = SettingsTable.all.map(\.name)
        return file.entries.compactMap { entry in
            guard names.contains(entry.name) else {
                let suggestion = SpellingSuggestion.nearest(to: entry.name, among: names)
                return "\(file.path), line \(entry.line): \(entry.name) is no setting of credits"
                    + (suggestion.map { "; did you mean \($0)?" } ?? " and is ignored")
            }
            guard let last = file.entry(named: entry.name), last.line != entry.line else {
                return nil
            }
            return "\(file.path), line \(entry.line): \(entry.name) stands again in line "
                + "\(last.line), which counts"
        }
    }
}

/// The library's reader over our sources, which also tells which of them answered.
private struct SettingReader {
    /// The provider that answered last; the library reports it in the same call.
    private final class AnsweringProvider: AccessReporter {
        let index = Atomic<Int>(-1)

        func report(_ event: AccessEvent) {
            let answer = event.providerResults.firstIndex { provider in
                guard case .success(let lookup) = provider.result else { return false }
                return lookup.value != nil
            }
            index.store(answer ?? -1, ordering: .relaxed)
        }
    }

    private let reader: ConfigReader
    private let answering = AnsweringProvider()
    private let file: EnvironmentFile?

    init(_ sources: SettingSources) {
        file = sources.file
        let secrets = SecretsSpecifier<String, String>.specific(
            Set(SettingsTable.all.filter(\.isSecret).map(\.name)))
        let fileValues = (sources.file?.entries ?? []).map { ($0.name, $0.value) }
        reader = ConfigReader(
            providers: [
                InMemoryProvider(name: "flags", values: Self.flagValues(sources.flags)),
                EnvironmentVariablesProvider(
                    environmentVariables: sources.environment, secretsSpecifier: secrets),
                EnvironmentVariablesProvider(
                    environmentVariables: Dictionary(fileValues) { _, last in last },
                    secretsSpecifier: secrets),
            ],
            accessReporter: answering)
    }

    /// The text of the strongest source, "" where none names the setting.
    func read(_ setting: Setting) -> (text: String, origin: SettingOrigin) {
        let text = reader.string(forKey: setting.key, isSecret: setting.isSecret)
        guard let text else { return ("", .builtIn) }
        switch answering.index.load(ordering: .relaxed) {
        case 0: return (text, .flag)
        case 1: return (text, .environment)
        case 2:
            let line = file?.entry(named: setting.name)?.line ?? 0
            return (text, .file(path: file?.path ?? "", line: line))
        default: return (text, .builtIn)
        }
    }

    private static func flagValues(_ flags: [String: String]) -> [AbsoluteConfigKey: ConfigValue] {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for setting in SettingsTable.all {
            guard let text = flags[setting.name] else { continue }
            values[AbsoluteConfigKey(setting.key)] = ConfigValue(
                .string(text), isSecret: setting.isSecret)
        }
        return values
    }
}

extension Setting {
    var isSecret: Bool {
        switch disclosure {
        case .plain: false
        case .hidden, .redacted: true
        }
    }
}
