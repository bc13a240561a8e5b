import Configuration

/// One row of the settings table, its value's type erased.
struct Setting: Sendable {
    /// Who may see the value in `credits config`.
    enum Disclosure: Sendable {
        case plain
        /// Never shown; only whether it is set.
        case hidden
        /// Shown without what is secret in it.
        case redacted(@Sendable (String) -> String)
    }

    let name: String
    let explanation: String
    let disclosure: Disclosure
    let placeholder: String
    let expectation: String
    /// In its canonical spelling; "" where nothing is set by default.
    let defaultText: String
    /// Reads the text into its place in the settings and gives back the canonical spelling, or nil
    /// where the text is not of the setting's kind.
    let apply: @Sendable (_ text: String, _ settings: inout Settings) -> String?

    /// A row: where the value lives in `Settings` says its type and its default.
    init<Value>(
        _ name: String, _ path: any WritableKeyPath<Settings, Value> & Sendable,
        _ kind: SettingKind<Value>, _ explanation: String, disclosure: Disclosure = .plain
    ) {
        self.name = name
        self.explanation = explanation
        self.disclosure = disclosure
        placeholder = kind.placeholder
        expectation = kind.expectation
        defaultText = kind.format(Settings()[keyPath: path])
        apply = { text, settings in
            guard let value = kind.parse(text) else { return nil }
            settings[keyPath: path] = value
            return kind.format(value)
        }
    }

    /// `DATABASE_POOL_SIZE` is the flag `--database-pool-size` ...
    var flag: String { name.lowercased().replacing("_", with: "-") }

    /// ... and the key `database.pool.size`, which the library's providers spell each in their way.
    var key: ConfigKey { ConfigKey(name.lowercased().split(separator: "_").map(String.init)) }

    /// The value as anybody may see it.
    func shown(_ text: String) -> String {
        guard !text.isEmpty else { return "" }
        switch disclosure {
        case .plain: return text
        case .hidden: return "(set, hidden)"
        case .redacted(let redact): return redact(text)
        }
    }
}

/// The table's parts, in the order in which they are shown.
enum SettingsSection: String, Sendable, CaseIterable {
    case server = "Server"
    case database = "Database"
    case credits = "Credits"
    case logging = "Logging"
    case httpLimits = "HTTP limits"
    case limits = "Limits"

    /// Whether the help leaves its flags out unless asked for all.
    var isHidden: Bool { self == .httpLimits || self == .limits }
}
