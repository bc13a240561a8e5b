import Postgres
import TestSupport
import Testing

@testable import Ledger

struct `A key that is being revoked by somebody else` {
    @Test func `is found revoked, and not missing`() async throws {
        var settings = LedgerSettings.patient
        settings.lockWait = patience
        try await withLedger(settings) { ledger in
            let new = try #require(NewAPIKey(name: "Test", scopes: [.readCredits]))
            let made = try await ledger.service.keys.create(new, by: .commandLine)
            let id = try #require(made).key.id
            let revocation = try await ledger.pool.useInTransaction {
                connection throws(PostgresError) in
                _ = try await connection.run(
                    "UPDATE api_keys SET revoked_at = clock_timestamp() WHERE key_id = \(id)")
                let revocation = Task {
                    try await ledger.service.keys.revoke(id, by: .commandLine)
                }
                do {
                    #expect(try await eventually { try await ledger.isSomebodyWaiting() })
                } catch {
                    Issue.record(error)
                }
                return revocation
            }
            #expect(try await revocation.value?.revokedAt != nil)
            #expect(try await ledger.service.auditEntries(below: nil, limit: 2).count == 1)
        }
    }
}

struct `A key that somebody else has locked` {
    @Test func `is not waited for to note its use`() async throws {
        try await withLedger { ledger in
            let new = try #require(NewAPIKey(name: "Test", scopes: [.readCredits]))
            let made = try await ledger.service.keys.create(new, by: .commandLine)
            let id = try #require(made).key.id
            let noting = KeyStore(pool: ledger.pool).use(of: [id])
            let noted = try await ledger.pool.useInTransaction {
                connection throws(PostgresError) in
                _ = try await connection.run(
                    "SELECT FROM api_keys WHERE key_id = \(id) FOR UPDATE")
                return try await ledger.pool.run(noting).affectedRows
            }
            #expect(noted == 0)
            #expect(try await ledger.pool.run(noting).affectedRows == 1)
        }
    }
}

struct `A key that has an end` {
    @Test func `tells it in the audit log as everywhere`() async throws {
        try await withLedger { ledger in
            let end = try #require(Timestamp(rfc3339: "2099-01-01T00:00:00Z"))
            let new = try #require(
                NewAPIKey(name: "Test", scopes: [.readCredits], expiresAt: end))
            _ = try await ledger.service.keys.create(new, by: .commandLine)
            let told = try await ledger.service.auditEntries(below: nil, limit: 1).first?.detail
            #expect(told?.contains("\"2099-01-01T00:00:00.000000Z\"") == true)
        }
    }
}
