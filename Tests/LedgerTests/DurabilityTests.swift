import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("Durability")
struct DurabilityTests {
    @Test(
        "a write's transaction commits synchronously, whatever the database is set to",
        arguments: [
            ("off", "on"), ("local", "local"), ("on", "on"), ("remote_apply", "remote_apply"),
        ]
    )
    func commitsSynchronously(databaseSetting: String, used: String) async throws {
        try await withLedger { ledger in
            try await ledger.database.administer(
                "ALTER DATABASE \(ledger.database.name) SET synchronous_commit = \(databaseSetting)"
            )
            // Connections that are open already keep the old setting.
            let instance = LedgerScene(database: ledger.database, loop: ledger.loop)
            let user = try await instance.newUser()
            let store = WriteStore(lockWait: .seconds(60))

            let shown = try await instance.pool.use { connection throws(PostgresError) in
                _ = try await store.lock(
                    [Command(user: user, change: add(1))], suspects: [], on: connection)
                let rows = try await connection.run("SELECT current_setting('synchronous_commit')")
                try await store.rollBack(on: connection)
                return try rows[0].decode(String.self)
            }

            #expect(shown == used)
        }
    }
}
