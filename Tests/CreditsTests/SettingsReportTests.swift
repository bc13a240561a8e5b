import FoundationEssentials
import Testing

@testable import credits

struct SettingsReportTests {
    private func report() throws -> SettingsReport {
        let loaded = try LoadedSettings(
            SettingSources(
                flags: ["PORT": "9000"],
                environment: [
                    "ADMIN_TOKEN": "hunter2",
                    "DATABASE_URL": "postgresql+psycopg://app:s3cret@db.example.com/shop",
                ],
                file: EnvironmentFile(path: ".env", text: "LOG_LEVEL=DEBUG")))
        return SettingsReport(inForce: loaded.inForce)
    }

    @Test(arguments: [
        "PORT 9000 flag", "LOG_LEVEL debug .env, line 1", "HOST 127.0.0.1 default",
        "ADMIN_TOKEN (set, hidden) environment", "PORT_FILE (not set) default",
    ])
    func `a line has the name, the value and its source`(line: String) throws {
        let lines = try report().text.split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(lines.contains(line))
    }

    @Test func `no look of the report shows a secret`() throws {
        let report = try report()
        for text in [report.text, try report.json()] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("s3cret"))
            #expect(text.contains("db.example.com"))
        }
    }

    private struct Row: Decodable {
        let name: String
        let value: String?
        let source: String
    }

    @Test func `the JSON has every setting in the table's order`() throws {
        let rows = try JSONDecoder().decode([Row].self, from: Data(try report().json().utf8))
        #expect(rows.map(\.name) == SettingsTable.all.map(\.name))
        let port = try #require(rows.first { $0.name == "PORT" })
        #expect(port.value == "9000" && port.source == "flag")
        #expect(rows.first { $0.name == "PORT_FILE" }?.value == nil)
    }
}
