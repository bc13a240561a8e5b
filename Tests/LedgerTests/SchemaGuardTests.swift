import Postgres
import TestSupport
import Testing

@testable import Ledger

/// SQL that would hurt, each with the guard that sees it.
struct `Schema guards` {
    @Test(arguments: SchemaAttack.removals + SchemaAttack.replacements)
    func `what the service needs cannot be taken away or made another`(
        attack: SchemaAttack
    ) async throws {
        try await expectRefused(attack)
    }

    @Test(arguments: SchemaAttack.rows)
    func `no SQL changes a row of the ledger`(attack: SchemaAttack) async throws {
        try await expectRefused(attack)
    }

    @Test(arguments: SchemaAttack.hidden)
    func `nothing that works out of sight gets into the service's statements`(
        attack: SchemaAttack
    ) async throws {
        try await expectRefused(attack)
    }

    private func expectRefused(_ attack: SchemaAttack) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(5), on: user)
            let before = try await ledger.catalogue()

            let outcome = try await ledger.service.applySchemaChange(attack.sql, requestID: "r")

            guard case .breached(let plan, let verdict) = outcome else {
                Issue.record("not refused: \(outcome)")
                return
            }
            #expect(verdict.name == attack.guardName, "\(plan.guards.filter { !$0.isPassed })")
            #expect(verdict.saw.joined(separator: "; ").contains(attack.saw), "\(verdict.saw)")
            try await ledger.expectUnharmed(since: before)
            #expect(try await ledger.service.account(of: user)?.credits == 5)
            let recorded = try await ledger.pool.run("SELECT outcome, sql FROM schema_changes")
            let (outcomes, sql) = try recorded.only.decode(String.self, String.self)
            #expect(outcomes == "refused:\(attack.guardName.rawValue)")
            #expect(sql == attack.sql)
        }
    }
}
