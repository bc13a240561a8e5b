import Testing

@testable import credits

struct LoadedSettingsTests {
    /// Loads with a `.env` of this text.
    private func load(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil
    ) throws(BadConfiguration) -> LoadedSettings {
        try LoadedSettings(
            SettingSources(
                flags: flags, environment: environment,
                file: file.map { EnvironmentFile(path: ".env", text: $0) }))
    }

    private func origin(of name: String, in loaded: LoadedSettings) -> SettingOrigin? {
        loaded.inForce.first { $0.setting.name == name }?.origin
    }

    struct Precedence: Sendable {
        let flag: String?
        let environment: String?
        let file: String?
        let port: Int
        let origin: SettingOrigin
    }

    @Test(arguments: [
        Precedence(flag: "1", environment: "2", file: "3", port: 1, origin: .flag),
        Precedence(flag: nil, environment: "2", file: "3", port: 2, origin: .environment),
        Precedence(
            flag: nil, environment: nil, file: "3", port: 3, origin: .file(path: ".env", line: 2)),
        Precedence(flag: nil, environment: nil, file: nil, port: 8000, origin: .builtIn),
        Precedence(flag: nil, environment: "", file: "3", port: 8000, origin: .environment),
        Precedence(flag: "1", environment: "bad", file: "bad", port: 1, origin: .flag),
    ])
    func `the strongest source that names a setting decides`(_ row: Precedence) throws {
        let loaded = try load(
            flags: row.flag.map { ["PORT": $0] } ?? [:],
            environment: row.environment.map { ["PORT": $0] } ?? [:],
            file: row.file.map { "# settings\nPORT=\($0)\n" })
        #expect(loaded.settings.port == row.port)
        #expect(origin(of: "PORT", in: loaded) == row.origin)
    }

    @Test(arguments: [
        ("HOST", "a b"), ("PORT", "65536"), ("AUTO_MIGRATE", "perhaps"), ("LOG_LEVEL", "loud"),
        ("LOG_FORMAT", "xml"), ("DAILY_GRANT_AMOUNT", "-5"), ("DATABASE_WAIT", "30"),
        ("LEDGER_BATCH_SIZE", "0"), ("HTTP_MAX_BODY_SIZE", "1MB"),
    ])
    func `a bad value is named with its setting, its source and what would be right`(
        name: String, value: String
    ) throws {
        let setting = try #require(SettingsTable.all.first { $0.name == name })
        let sources: [(loading: () throws -> LoadedSettings, source: String)] = [
            ({ try load(flags: [name: value]) }, "from the flag --\(setting.flag)"),
            ({ try load(environment: [name: value]) }, "from the environment"),
            ({ try load(file: "\n\(name)=\(value)") }, "from .env, line 2"),
        ]
        for (loading, source) in sources {
            let bad = #expect(throws: BadConfiguration.self) { try loading() }
            #expect(
                bad?.problems == [
                    "\(name): \"\(value)\", \(source), is not \(setting.expectation)"
                ])
        }
    }

    @Test func `a bad secret is not repeated`() {
        let bad = #expect(throws: BadConfiguration.self) {
            try load(environment: ["ADMIN_TOKEN": "hunter2 hunter2"])
        }
        #expect(bad?.problems.count == 1)
        #expect(bad?.problems.first?.contains("hunter2") == false)
    }

    @Test func `all problems are reported at once`() {
        let bad = #expect(throws: BadConfiguration.self) {
            try load(environment: ["PORT": "x", "LOG_LEVEL": "y"], file: "what is this")
        }
        #expect(bad?.problems.count == 3)
    }

    @Test(arguments: [
        ("PROT=1", ".env, line 1: PROT is no setting of credits; did you mean PORT?"),
        (
            "DATABASE_URI=x",
            ".env, line 1: DATABASE_URI is no setting of credits; did you mean DATABASE_URL?"
        ),
        ("SECRET_KEY=x", ".env, line 1: SECRET_KEY is no setting of credits and is ignored"),
        ("PORT=1\nPORT=2", ".env, line 1: PORT stands again in line 2, which counts"),
    ])
    func `what is doubtful in the file is a warning`(text: String, warning: String) throws {
        #expect(try load(file: text).warnings == [warning])
    }

    @Test func `names of other programs in the environment are nobody's business`() throws {
        #expect(try load(environment: ["PROT": "1", "HOME": "/root"]).warnings.isEmpty)
    }
}
