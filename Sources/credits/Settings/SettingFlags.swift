import ArgumentParser

/// The flags of one section of the settings table: `--port <port>` for `PORT`, and so on.
///
/// ArgumentParser finds a type's flags by reflection and fills them by decoding. Both ways are open
/// to a type that says by itself what it consists of, and so the table alone decides which flags
/// there are, under which names and with which help. The text is read by the settings' own kinds,
/// so that a bad value gets the same message from a flag as from the environment.
struct SettingFlags<Section: SettingFlagsSection>: ParsableArguments, CustomReflectable {
    /// The texts given, by setting name.
    private(set) var texts: [String: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: SettingName.self)
        for setting in SettingsTable.rows(in: Section.section) {
            let key = SettingName(stringValue: setting.name)
            texts[setting.name] = try container.decodeIfPresent(String.self, forKey: key)
        }
    }

    var customMirror: Mirror {
        let flags = SettingsTable.rows(in: Section.section).map { setting in
            (label: setting.name as String?, value: Self.flag(for: setting) as Any)
        }
        return Mirror(self, children: flags, displayStyle: .struct)
    }

    private static func flag(for setting: Setting) -> Option<String?> {
        let isSet = setting.defaultText.isEmpty ? "" : " (default: \(setting.defaultText))"
        return Option(
            name: .customLong(setting.flag),
            help: ArgumentHelp(
                "\(setting.explanation)\(isSet)", valueName: setting.placeholder,
                visibility: Section.section == .limits ? .hidden : .default))
    }
}

/// A section of the table as a type, because ArgumentParser tells groups of flags apart by type.
protocol SettingFlagsSection {
    static var section: SettingsSection { get }
}

enum ServerFlags: SettingFlagsSection { static let section = SettingsSection.server }
enum DatabaseFlags: SettingFlagsSection { static let section = SettingsSection.database }
enum CreditsFlags: SettingFlagsSection { static let section = SettingsSection.credits }
enum LoggingFlags: SettingFlagsSection { static let section = SettingsSection.logging }
enum LimitsFlags: SettingFlagsSection { static let section = SettingsSection.limits }

private struct SettingName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
