import ArgumentParser
import FoundationEssentials
import Ledger
import Testing

@testable import credits

struct SettingsTableTests {
    @Test(arguments: SettingsTable.all.map(\.name))
    func `every default is a right value`(name: String) throws {
        let setting = try #require(SettingsTable.all.first { $0.name == name })
        guard !setting.defaultText.isEmpty else { return }
        var settings = Settings()
        #expect(setting.apply(setting.defaultText, &settings) == setting.defaultText)
    }

    @Test func `names are unique, and their explanations are one line`() {
        let names = SettingsTable.all.map(\.name)
        #expect(Set(names).count == names.count)
        for setting in SettingsTable.all {
            #expect(setting.explanation.count <= 96, "\(setting.name)")
            #expect(setting.explanation.hasSuffix("."), "\(setting.name)")
            #expect(!setting.explanation.contains("\n"), "\(setting.name)")
        }
    }

    @Test func `a list names its separator, and a rate the words that it may be`() {
        for setting in SettingsTable.all {
            let text = setting.explanation
            switch setting.placeholder {
            case "hosts", "scopes", "origins":
                #expect(text.hasSuffix(", separated by commas."), "\(setting.name)")
            case "rate": #expect(text.contains("; off, or auto: "), "\(setting.name)")
            default: break
            }
        }
    }

    @Test func `the pool's explanation counts what the defaults need`() throws {
        let pool = try #require(SettingsTable.all.first { $0.name == "DATABASE_POOL_SIZE" })
        let ledger = Settings().ledger
        let writes = (ledger.writeRounds + 1) * ledger.writeLanes
        #expect(
            pool.explanation.contains(
                "writes need \(writes), reads \(ledger.readRounds), and all else 1"))
    }

    @Test func `every setting is a flag`() throws {
        // The same spelling as in the environment, so that one guess finds the other.
        let help = ServeCommand.helpMessage(includeHidden: true)
        for setting in SettingsTable.all {
            #expect(help.contains("--\(setting.flag) <\(setting.placeholder)>"))
        }
    }

    @Test func `a command has the flags that it heeds, and no others`() throws {
        let all = Set(SettingsTable.all.map(\.name))
        let onDatabase: Set = ["DATABASE_URL", "DATA_DIR", "DATABASE_WAIT", "LOG_LEVEL"]
        let ofGrant: Set = ["DAILY_GRANT_AMOUNT", "GRANT_CATCH_UP", "GRANT_CHUNK_SIZE"]
        #expect(Self.settings(of: ServeCommand.self) == all)
        #expect(Self.settings(of: ConfigCommand.self) == all)
        let commands: [any ParsableCommand.Type] = [
            MigrateCommand.self, VerifyCommand.self, GrantCommand.self, CreateKeyCommand.self,
            ListKeysCommand.self, RevokeKeyCommand.self,
        ]
        for command in commands {
            let settings = Self.settings(of: command)
            let name = command._commandName
            #expect(settings.isSuperset(of: onDatabase), "\(name)")
            let isGrant = command == GrantCommand.self
            #expect(settings.intersection(ofGrant) == (isGrant ? ofGrant : []), "\(name)")
            let ofService = settings.filter { name in
                ["HTTP_", "LEDGER_", "SCHEMA_"].contains(where: name.hasPrefix)
            }
            #expect(ofService.isEmpty, "\(name)")
            #expect(
                settings.isDisjoint(with: ["AUTO_MIGRATE", "DATABASE_POOL_SIZE", "PORT"]),
                "\(name)")
        }
    }

    private static func settings(of command: any ParsableCommand.Type) -> Set<String> {
        let help = command.helpMessage(includeHidden: true)
        return Set(SettingsTable.all.filter { help.contains("  --\($0.flag) <") }.map(\.name))
    }

    @Test func `a flag is read into its setting`() throws {
        let command = try CreditsCommand.parseAsRoot([
            "serve", "--port", "9000", "--log-format=json", "--ledger-batch-size", "7",
        ])
        let serve = try #require(command as? ServeCommand)
        let settings = try serve.options.load().settings
        #expect(settings.port == 9000)
        #expect(settings.logFormat == .json)
        #expect(settings.ledger.batchSize == 7)
    }

    @Test(arguments: [
        ("DAILY_GRANT_AMOUNT", "0", "0"), ("DAILY_GRANT_AMOUNT", "7", "7"),
        ("GRANT_CATCH_UP", "All", "all"), ("GRANT_CATCH_UP", "none", "none"),
        ("GRANT_CATCH_UP", "0", "none"), ("GRANT_CATCH_UP", "30", "30"),
        ("GRANT_CATCH_UP", "-1", nil), ("GRANT_CATCH_UP", "some", nil),
        ("DAILY_GRANT_AMOUNT", "1000000000001", nil),
    ])
    func `what the grant gives and makes up is read and shown`(
        name: String, text: String, shown: String?
    ) throws {
        let setting = try #require(SettingsTable.all.first { $0.name == name })
        var settings = Settings()
        #expect(setting.apply(text, &settings) == shown)
    }

    @Test func `the example file is what the table yields`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: ".env.example")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(text == SettingsReport.example, "run: credits config --example > .env.example")
    }

    @Test func `the example file, with every line in force, sets the defaults`() throws {
        let lines = SettingsReport.example.split(separator: "\n", omittingEmptySubsequences: false)
        let inForce = lines.map { $0.hasPrefix("#") && !$0.hasPrefix("# ") ? $0.dropFirst() : $0 }
        let file = EnvironmentFile(path: ".env.example", text: inForce.joined(separator: "\n"))
        #expect(file.entries.map(\.name) == SettingsTable.all.map(\.name))
        let loaded = try LoadedSettings(SettingSources(file: file))
        #expect(loaded.warnings.isEmpty)
        #expect(loaded.inForce.allSatisfy { $0.text == $0.setting.defaultText })
    }
}
