/// Which settings have an effect on a command. Those are its flags, and no others: a flag that is
/// taken and then not heeded would be a promise.
protocol SettingsUse {
    static var names: Set<String> { get }
}

/// The service heeds every setting, and `config` shows them all.
enum ServiceUse: SettingsUse {
    static let names = Set(SettingsTable.all.map(\.name))
}

/// A command that works on the database, one connection at a time, and then ends.
enum DatabaseUse: SettingsUse {
    static let names = Set(
        ["DATABASE_URL", "DATA_DIR", "DATABASE_WAIT"]
            + (SettingsTable.rows(in: .logging) + SettingsTable.connectionLimits).map(\.name))
}

/// The same for one that grants days.
enum GrantUse: SettingsUse {
    static let names = DatabaseUse.names.union(
        SettingsTable.rows(in: .credits).map(\.name) + ["GRANT_CHUNK_SIZE"])
}
