import ArgumentParser

/// A command's flags of one section of the settings table: `--port <port>` for `PORT`, and so on.
///
/// ArgumentParser finds a type's flags by reflection and fills them by decoding. Both ways are open
/// to a type that says by itself what it consists of, and so the table alone decides which flags
/// there are, under which names and with which help. The text is read by the settings' own kinds,
/// so that a bad value gets the same message from a flag as from the environment.
struct SettingFlags<Use: SettingsUse, Section: SettingFlagsSection>: ParsableArguments,
    CustomReflectable
{
    /// The texts given, by setting name.
    private(set) var texts: [String: String] = [:]

    init() {}

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: SettingName.self)
        for (name, _) in Self.flags {
            let key = SettingName(stringValue: name)
            texts[name] = try container.decodeIfPresent(String.self, forKey: key)
        }
    }

    var customMirror: Mirror {
        let children = Self.flags.map { (label: $0.name as String?, value: $0.option as Any) }
        return Mirror(self, children: children, displayStyle: .struct)
    }

    private static var flags: [(name: String, option: Option<String?>)] {
        FlagTable.flags[Section.section, default: []].filter { Use.names.contains($0.name) }
    }
}

/// Each row's flag, made once: ArgumentParser looks at a group of them again and again.
private enum FlagTable {
    static let flags = Dictionary(
        uniqueKeysWithValues: SettingsSection.allCases.map { section in
            (
                section,
                SettingsTable.rows(in: section).map {
                    (name: $0.name, option: flag($0, in: section))
                }
            )
        })

    private static func flag(
        _ setting: Setting, in section: SettingsSection
    ) -> Option<String?> {
        let isSet = setting.defaultText.isEmpty ? "" : " (default: \(setting.defaultText))"
        return Option(
            name: .customLong(setting.flag),
            help: ArgumentHelp(
                "\(setting.explanation)\(isSet)", valueName: setting.placeholder,
                visibility: section.isHidden ? .hidden : .default))
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
enum HTTPLimitsFlags: SettingFlagsSection { static let section = SettingsSection.httpLimits }
enum LimitsFlags: SettingFlagsSection { static let section = SettingsSection.limits }

private struct SettingName: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
