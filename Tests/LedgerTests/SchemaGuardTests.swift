import Postgres
import TestSupport
import Testing

@testable import Ledger

/// SQL that would hurt, each with the guard that sees it.
struct `Schema guards` {
    /// They leave the database as it was, and so share one, a dozen at a time.
    private static let objects = stride(from: 0, to: attacksOnObjects.count, by: 12).map {
        Array(attacksOnObjects[$0...].prefix(12))
    }
    private static let attacksOnObjects = SchemaAttack.removals + SchemaAttack.replacements

    @Test(arguments: objects)
    func `what the service needs cannot be taken away or made another`(
        attacks: [SchemaAttack]
    ) async throws {
        try await expectRefused(attacks)
    }

    @Test(arguments: SchemaAttack.rows)
    func `no SQL changes a row of the ledger`(attack: SchemaAttack) async throws {
        try await expectRefused([attack])
    }

    @Test(arguments: SchemaAttack.hidden)
    func `nothing that works out of sight gets into the service's statements`(
        attack: SchemaAttack
    ) async throws {
        try await expectRefused([attack])
    }

    private func expectRefused(_ attacks: [SchemaAttack]) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(5), on: user)
            let before = try await ledger.catalogue()

            for attack in attacks {
                try await ledger.expectRefused(attack)
                try await ledger.expectUnharmed(since: before)
                #expect(try await ledger.service.account(of: user)?.credits == 5, "\(attack.sql)")
            }
            #expect(
                try await ledger.count("SELECT count(*) FROM schema_changes")
                    == Int64(attacks.count))
        }
    }
}

extension LedgerScene {
    fileprivate func expectRefused(_ attack: SchemaAttack) async throws {
        let outcome = try await service.applySchemaChange(attack.sql, requestID: "r")

        guard case .breached(let plan, let verdict) = outcome else {
            Issue.record("\(attack.sql) was not refused: \(outcome)")
            return
        }
        let broken = plan.guards.filter { !$0.isPassed }
        #expect(verdict.name == attack.guardName, "\(attack.sql): \(broken)")
        #expect(
            verdict.saw.joined(separator: "; ").contains(attack.saw),
            "\(attack.sql): \(verdict.saw)")
        let recorded = try await pool.run(
            "SELECT outcome, sql FROM schema_changes ORDER BY change_id DESC LIMIT 1")
        let (outcomes, sql) = try recorded.only.decode(String.self, String.self)
        #expect(outcomes == "refused:\(attack.guardName.rawValue)")
        #expect(sql == attack.sql)
    }
}
