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

    /// A plan is rolled back, and no rollback reaches a sequence.
    @Test(arguments: [
        "SELECT setval('credit_transaction_ids', 9223372036854775807)",
        "SELECT setval('credit_transaction_ids', 1, false)",
        "SELECT setval('audit_log_audit_id_seq', 9223372036854775807)",
        "SELECT setval('users_user_id_seq', 9223372036854775807), 1 / 0",
        """
        SELECT setval('credit_transaction_ids', 9223372036854775807);
        SELECT pg_terminate_backend(pg_backend_pid())
        """,
    ])
    func `what a plan does to sequences is mended, however it ends`(sql: String) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            for _ in 1...3 { _ = try await ledger.perform(add(1), on: user) }
            var request = SchemaChangeRequest(sql: sql, requestID: "r")
            request.isDryRun = true
            // Whether it is a plan, a refusal or a failure.
            _ = try? await ledger.service.changeSchema(request)

            let writer = ledger.anotherInstance()
            for change in [add(1), .reset] {
                let outcome = try await writer.perform(Command(user: user, change: change))
                #expect(outcome.receipt != nil)
            }
            let another = try await ledger.newUser()
            #expect(try await ledger.service.deleteUser(another))
            #expect(try await ledger.entries(of: user).map(\.amount) == [1, 1, 1, 1, -4])
            #expect(try await ledger.discrepancies() == [])
        }
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
