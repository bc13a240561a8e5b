import Postgres
import TestSupport
import Testing

@testable import Ledger

extension CreditService {
    /// A change that asks for nothing but that its SQL be applied.
    func applySchemaChange(_ sql: String, requestID: String) async throws -> SchemaChangeOutcome {
        try await changeSchema(SchemaChangeRequest(sql: sql, requestID: requestID))
    }

    /// What the SQL would do.
    func plan(_ sql: String) async throws -> SchemaPlan {
        var request = SchemaChangeRequest(sql: sql, requestID: "plan")
        request.isDryRun = true
        let outcome = try await changeSchema(request)
        guard case .planned(let plan) = outcome else { throw NotPlanned(outcome: outcome) }
        return plan
    }

    struct NotPlanned: Error {
        let outcome: SchemaChangeOutcome
    }
}

extension LedgerScene {
    func appliedChanges() async throws -> Int64 {
        try await count("SELECT count(*) FROM schema_changes WHERE outcome = 'applied'")
    }

    /// The catalogue as a plan sees it, without what a test itself made besides.
    func catalogue() async throws -> [SchemaObject] {
        try CatalogueSnapshot.objects(from: try await pool.run(CatalogueSnapshot.statement))
    }

    /// Nothing has changed, and everything still works.
    func expectUnharmed(since before: [SchemaObject]) async throws {
        let differences = SchemaDifference.between(before, try await catalogue())
        #expect(differences.map(\.object) == [])
        #expect(try await appliedChanges() == 0)
        #expect(await service.readiness().problems == [])
        let user = try await newUser()
        #expect(try await perform(add(3), on: user).credits == 3)
        #expect(try await service.account(of: user)?.credits == 3)
        #expect(try await discrepancies() == [])
    }

    /// Applies schema.sql, which takes `users` before `credits`, while a transaction that took
    /// `credits` waits for `users`.
    ///
    /// PostgreSQL ends the one of the two that looks for a deadlock while there is one, and each
    /// looks once, when it has waited for deadlock_timeout. The transaction does not live to look;
    /// the script cannot look too early, because it is held off until the transaction waits.
    func crossTraffic(with migrator: SchemaMigrator) async throws {
        let gate = try DirectConnection(database.target)
        try gate.run("BEGIN; LOCK TABLE users IN ACCESS SHARE MODE")
        async let applied: Void = migrator.apply()
        try await waitForQueue(of: 1, at: "users")
        async let served = database.administer(
            """
            BEGIN; SET LOCAL deadlock_timeout = '1h';
            SELECT FROM credits FOR UPDATE; SELECT FROM users; COMMIT
            """)
        try await waitForQueue(of: 2, at: "users")
        try gate.run("COMMIT")
        _ = try await served
        try await applied
    }

    /// Returns when so many sessions wait for the table to be unlocked.
    func waitForQueue(of length: Int64, at table: String) async throws {
        let question: Statement = """
            SELECT count(*) FROM pg_locks WHERE relation = \(table)::regclass AND NOT granted
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
            """
        let isSo = try await eventually(pause: .milliseconds(2)) {
            try await count(question) == length
        }
        try #require(isSo, "\(length) at \(table)")
    }
}
