import HTTP
import Postgres
import Testing

@testable import CreditsAPI

extension Fields {
    /// The key of `APISettings.closed`.
    static let admin: Fields = ["Authorization": "Bearer s3cret"]
}

extension APISettings {
    /// Of a server that wants a key, on loopback too.
    static func closed(_ clock: SetClock = SetClock()) -> APISettings {
        var settings = APISettings(version: "1", isLoopbackOnly: true, adminToken: "s3cret")
        settings.now = clock.now
        return settings
    }
}

extension APIScene {
    @discardableResult
    func run(_ statement: Statement) async throws -> Rows {
        try await pool.withConnection { try await $0.run(statement) }
    }

    /// Makes a key by the API, and answers its secret and number.
    func newKey(
        _ scopes: String, _ more: String = "", by fields: Fields = .admin
    ) async throws -> (fields: Fields, id: Int64) {
        let made = try await ask(
            "POST /api/keys", #"{"name":"Test","scopes":[\#(scopes)]\#(more)}"#, fields)
        #expect(made.status == .created, "\(made.bodyText)")
        let secret = try #require(made.text("key"))
        return (["Authorization": "Bearer \(secret)"], try #require(made.integer("key_id")))
    }
}
