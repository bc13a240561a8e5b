import PrivatePostgres
import TestSupport
import Testing

/// `credits keys`, and what it means for a server.
struct KeysCommandTests {
    @Test func `a key is made, shown once, listed and revoked`() async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target]
            _ = try await RunningServer.run(["migrate"], settings)
            let made = try await RunningServer.run(
                ["keys", "create", "--name", "Shop", "--scope", "credits:read"], settings)
            #expect(made.exit == .code(0), "\(made.errors)")
            let secret = try #require(made.output.firstMatch(of: /credits_[0-9a-f]{64}/))
            let list = try await RunningServer.run(["keys", "list", "--json"], settings)
            #expect(list.output.contains("\"name\" : \"Shop\""))
            #expect(!list.output.contains(secret.0))
            let revoked = try await RunningServer.run(["keys", "revoke", "1"], settings)
            #expect(revoked.output.contains("revoked "))
            #expect(
                try await RunningServer.run(["keys", "revoke", "9"], settings).exit == .code(1))
        }
    }

    @Test(arguments: [["keys", "create", "--name", "first", "--all"], ["grant"]])
    func `a database without tables is told what to run`(arguments: [String]) async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let refused = try await RunningServer.run(arguments, ["DATABASE_URL": database.target])
            #expect(refused.exit == .code(65))
            #expect(refused.errors.contains("credits migrate"))
        }
    }

    @Test(arguments: [
        ["keys", "create", "--name", "x"],
        ["keys", "create", "--name", "x", "--all", "--scope", "credits:read"],
        ["keys", "create", "--name", "x", "--scope", "credits:steal"],
        ["keys", "create", "--name", "x", "--all", "--expires-at", "tomorrow"],
    ])
    func `a wrong call is told what is wrong`(arguments: [String]) async throws {
        #expect(try await RunningServer.run(arguments).exit == .code(64))
    }

    @Test func `a key in the database lets the server listen to others, and closes it`()
        async throws
    {
        try await withTestDatabase { (database: TestDatabase) in
            let settings = ["DATABASE_URL": database.target, "HOST": "0.0.0.0"]
            _ = try await RunningServer.run(["migrate"], settings)
            let refused = try await RunningServer.run(["serve"], settings)
            #expect(refused.exit == .code(78))
            #expect(refused.errors.contains("credits keys create"))
            let made = try await RunningServer.run(
                ["keys", "create", "--name", "first", "--all"], settings)
            #expect(made.exit == .code(0))
            let server = try await RunningServer.start(settings)
            let answer = try await server.send("GET", "/api/credits/1")
            #expect(answer.status == 401)
            _ = try await server.stop()
        }
    }
}
