import FoundationEssentials
import PrivatePostgres
import TestSupport
import Testing

/// The Postman collection against the real server.
struct CollectionTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    private func node() throws -> String {
        try #require(
            ["/usr/bin/node", "/usr/local/bin/node"].first {
                FileManager.default.isExecutableFile(atPath: $0)
            }, "node is not installed")
    }

    @Test(arguments: ["", "a token of the collection's test"])
    func `the collection passes, and passes again, with a key and without`(
        token: String
    ) async throws {
        let settings = token.isEmpty ? [:] : ["ADMIN_TOKEN": token.replacing(" ", with: "-")]
        try await withServer(settings) { server, database in
            // More than a page of the grant's coverage has.
            try await database.run(
                """
                INSERT INTO users (email, name)
                SELECT 'many-' || n || '@example.com', 'Many' FROM generate_series(1, 10100) n
                """)
            for round in 1...2 {
                let result = try await TestProgram.run(
                    try node(),
                    [
                        Self.root + "/Tests/Collection/run.mjs",
                        Self.root + "/postman_collection.json",
                        "--base-url", "http://localhost:\(server.port)", "--quiet",
                        "--env-var", "adminToken=\(settings["ADMIN_TOKEN"] ?? "")",
                    ])
                #expect(
                    result.exit == .code(0), "round \(round):\n\(result.output)\(result.errors)")
            }
        }
    }

    @Test func `the runner itself fails where an expectation fails`() async throws {
        let folder = Self.root + "/Tests/Collection"
        let result = try await TestProgram.run(
            try node(), ["--test", folder + "/runner.test.mjs"], workingDirectory: folder)
        #expect(result.exit == .code(0), "\(result.output)\(result.errors)")
    }

    @Test func `the collection in the repository is what the table yields`() async throws {
        let result = try await RunningServer.run(
            ["postman", "--check", Self.root + "/postman_collection.json"])
        #expect(result.exit == .code(0), "\(result.errors)\nrun: make generate")
    }
}
