import FoundationEssentials

/// What `credits config` prints: what is in force, and from where. Secrets are hidden.
struct SettingsReport {
    let inForce: [SettingInForce]

    /// Aligned columns under the sections' names.
    var text: String {
        let width = (inForce.map(\.setting.name.count).max() ?? 0) + 2
        var lines: [String] = []
        for section in SettingsSection.allCases {
            let names = Set(SettingsTable.rows(in: section).map(\.name))
            lines += ["\(section.rawValue)"]
            for entry in inForce where names.contains(entry.setting.name) {
                let name = entry.setting.name.padding(toLength: width)
                let value = Self.shown(entry).padding(toLength: 30)
                lines.append("  \(name)\(value)  \(entry.origin.description)")
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    /// One object a setting, in the table's order.
    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let rows = SettingsSection.allCases.flatMap { section in
            let names = Set(SettingsTable.rows(in: section).map(\.name))
            return inForce.filter { names.contains($0.setting.name) }
                .map { Row($0, section: section) }
        }
        return String(decoding: try encoder.encode(rows), as: UTF8.self) + "\n"
    }

    private struct Row: Encodable {
        let name: String
        let value: String?
        let source: String
        let section: String
        let explanation: String

        init(_ entry: SettingInForce, section: SettingsSection) {
            name = entry.setting.name
            value = entry.text.isEmpty ? nil : entry.setting.shown(entry.text)
            source = entry.origin.description
            self.section = section.rawValue
            explanation = entry.setting.explanation
        }
    }

    private static func shown(_ entry: SettingInForce) -> String {
        entry.text.isEmpty ? "(not set)" : entry.setting.shown(entry.text)
    }
}

extension SettingsReport {
    /// The text of `.env.example`: every setting with its default and its explanation.
    static var example: String {
        var text = """
            # Settings of credits. Copy this file to .env and remove the # before what you change.
            # A flag is stronger than the environment, the environment is stronger than this file.
            # `credits config` shows what is in force, and from where.

            """
        for section in SettingsSection.allCases {
            text += "\n# ---- \(section.rawValue)\n"
            for setting in SettingsTable.rows(in: section) {
                text += "\n# \(setting.explanation)\n#\(setting.name)=\(setting.defaultText)\n"
            }
        }
        return text
    }
}

extension String {
    /// The text, filled up with blanks on the right.
    fileprivate func padding(toLength width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
