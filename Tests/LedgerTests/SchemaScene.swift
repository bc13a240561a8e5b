import Postgres
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
}
