import Ledger
import Logging
import Postgres
import TestSupport

@testable import CreditsAPI

/// Calls the body with the API over a fresh database with the tables of schema.sql.
func withAPI(
    _ settings: APISettings = .forTests, schema: SchemaChangeSettings = .patient,
    ledger: LedgerSettings = LedgerSettings(), isDraining: Bool = false, isMigrated: Bool = true,
    _ body: (APIScene) async throws -> Void
) async throws {
    let template = isMigrated ? DatabaseTemplate.migrated : nil
    try await withTestDatabase(copyOf: template) { (address: DatabaseAddress) in
        try await withEventLoop { loop in
            let api = APIScene(
                address: address, loop: loop, settings: settings, ledger: ledger, schema: schema,
                isDraining: isDraining)
            try await body(api)
        }
    }
}

extension DatabaseTemplate {
    /// With the tables of schema.sql.
    fileprivate static let migrated = DatabaseTemplate { database in
        try await withEventLoop { loop in
            let pool = ConnectionPool(
                address: database.address, settings: .patient(size: 1), loop: loop,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try await SchemaMigrator(pool: pool).apply()
            await pool.shutdown()
        }
    }
}

/// The API over a database that does not answer: enough for all that never asks it.
func withAPIWithoutDatabase(
    _ settings: APISettings = .forTests, _ body: (APIScene) async throws -> Void
) async throws {
    let address = try DatabaseAddress("host=/nonexistent dbname=none connect_timeout=2")
    try await withEventLoop { loop in
        try await body(APIScene(address: address, loop: loop, settings: settings))
    }
}
