import ArgumentParser
import Ledger

/// `credits keys`: who may do what.
struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Make, list and revoke the keys of the API.",
        subcommands: [
            CreateKeyCommand.self, ListKeysCommand.self, RevokeKeyCommand.self,
        ])
}

struct CreateKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a key, and print it: this once.",
        discussion: """
            SCOPES: \(Scope.allCases.map(\.rawValue).joined(separator: ", "))

            EXAMPLES:
              credits keys create --name "Shop backend" --scope credits:read --scope credits:write
              credits keys create --name laptop --all --expires-at 2027-01-01T00:00:00Z
            """)

    @Option(help: "What the key is for.") var name: String
    @Option(
        name: .customLong("scope"), help: "What it may do; may be given several times.",
        transform: CreateKeyCommand.scope)
    var scopes: [Scope] = []
    @Flag(help: "It may do everything.") var all = false
    @Option(
        help: "When it ends, by RFC 3339. (default: never)", transform: CreateKeyCommand.moment)
    var expiresAt: Timestamp?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard all == scopes.isEmpty else {
            throw ValidationError("say what the key may do: --scope SCOPE, or --all")
        }
    }

    func run() async throws {
        let scopes = all ? Set(Scope.allCases) : Set(scopes)
        guard let key = NewAPIKey(name: name, scopes: scopes, expiresAt: expiresAt) else {
            throw ValidationError("--name must have 1 to 100 characters")
        }
        try await options.withTables { database, _, _ in
            let keys = KeyStore(pool: database.pool)
            guard let (key, secret) = try await keys.create(key, by: .commandLine) else {
                throw ProgramFailure(.usage, "--expires-at has passed by the database's clock")
            }
            let report = KeyReport(keys: [key], secret: secret)
            StandardStream.output.write(json ? try report.json() : report.text)
        }
    }

    @Sendable private static func scope(_ text: String) throws -> Scope {
        guard let scope = Scope(rawValue: text) else {
            let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(text)' is no scope; there are \(known)")
        }
        return scope
    }

    @Sendable private static func moment(_ text: String) throws -> Timestamp {
        guard let moment = Timestamp(rfc3339: text) else {
            throw ValidationError("'\(text)' is no time; write it as 2027-01-01T00:00:00Z")
        }
        return moment
    }
}

struct ListKeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the keys, newest first, revoked ones too.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.withTables { database, _, _ in
            let report = KeyReport(keys: try await KeyStore(pool: database.pool).allKeys())
            StandardStream.output.write(json ? try report.json() : report.text)
        }
    }
}

struct RevokeKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "End a key: every instance refuses it within five seconds.")

    @Argument(help: "The key's number.") var id: Int64
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.withTables { database, _, _ in
            let keys = KeyStore(pool: database.pool)
            guard let key = try await keys.end(id, by: .commandLine) else {
                throw ProgramFailure(.failure, "there is no key \(id); see credits keys list")
            }
            let report = KeyReport(keys: [key])
            StandardStream.output.write(json ? try report.json() : report.text)
        }
    }
}
