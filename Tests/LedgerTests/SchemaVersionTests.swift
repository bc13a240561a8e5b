import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Tables of an earlier version of schema.sql, brought to the one that stands now.
@Suite("schema.sql: earlier versions")
struct SchemaVersionTests {
    @Test("the tables of version 1 are upgraded in place, and know transfers and reversals then")
    func upgradesVersion1() async throws {
        try await withLedger { ledger in
            let (user, other) = (try await ledger.newUser(), try await ledger.newUser())
            let added = try await ledger.perform(add(10), on: user)
            let migrator = SchemaMigrator(pool: ledger.pool)
            try await ledger.makeVersion1()
            let missing = try await migrator.missingParts()
            #expect(
                missing.filter { $0.contains("related") } == [
                    "column credit_transactions.related_user_id is missing",
                    "column credit_transactions.related_transaction_id is missing",
                ])

            try await migrator.apply()

            #expect(try await migrator.missingParts() == [])
            _ = try await ledger.perform(add(5), on: user)
            _ = try await ledger.perform(transfer(5, to: other), on: user)
            let id = try #require(added.transactionID)
            let reversal = try await ledger.perform(.reversal(of: id), on: user)
            #expect(reversal.credits == 0)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test("what version 2 recorded stays as it was, and counts as applied")
    func upgradesVersion2() async throws {
        try await withLedger { ledger in
            try await ledger.execute(
                """
                ALTER TABLE schema_changes DROP COLUMN actor, DROP COLUMN outcome,
                    DROP COLUMN diff, DROP COLUMN rows_changed;
                INSERT INTO schema_changes (sql, request_id, duration_ms) VALUES ('old', 'r', 1);
                UPDATE credits_schema SET version = 2;
                """)

            try await SchemaMigrator(pool: ledger.pool).apply()

            let page = try await ledger.service.schemaChanges(below: nil, limit: 5)
            #expect(page.changes.map(\.sql) == ["old"])
            #expect(page.changes.map(\.outcome) == ["applied"])
            let outcome = try await ledger.service.applySchemaChange("SELECT 1", requestID: "r")
            if case .applied = outcome {} else { Issue.record("not applied: \(outcome)") }
        }
    }

    @Test("applied to the tables of this version it rewrites and validates nothing")
    func leavesCurrentTablesAlone() async throws {
        try await withLedger { ledger in
            let fingerprint: Statement = """
                SELECT string_agg(c.relname || c.relfilenode::text, ',' ORDER BY c.relname)
                    || (SELECT string_agg(oid::text, ',' ORDER BY oid) FROM pg_constraint
                        WHERE conrelid = 'credit_transactions'::regclass)
                FROM pg_class c WHERE c.relname LIKE 'credit%' AND c.relkind IN ('r', 'i')
                """
            let before = try await ledger.pool.run(fingerprint).only.decode(String.self)

            try await SchemaMigrator(pool: ledger.pool).apply()

            let after = try await ledger.pool.run(fingerprint).only.decode(String.self)
            #expect(after == before)
        }
    }
}

extension LedgerScene {
    /// What version 1 had otherwise.
    fileprivate func makeVersion1() async throws {
        try await execute(
            """
            ALTER TABLE credit_transactions
                DROP COLUMN related_user_id, DROP COLUMN related_transaction_id,
                DROP CONSTRAINT credit_transactions_kind_known,
                ADD CONSTRAINT credit_transactions_kind_known CHECK (
                    kind IN ('add', 'deduct', 'reset', 'daily_grant', 'opening', 'external'));
            ALTER TABLE schema_changes DROP COLUMN actor, DROP COLUMN outcome,
                DROP COLUMN diff, DROP COLUMN rows_changed;
            ALTER TABLE users DROP COLUMN deleted_at;
            ALTER TABLE credits DROP COLUMN closed_at;
            UPDATE credits_schema SET version = 1;
            """)
    }
}
