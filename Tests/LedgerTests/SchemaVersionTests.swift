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

    @Test("the grants of version 2 go on in the tables of this version, and nobody gets one twice")
    func upgradesVersion2() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            for _ in 0..<4 { _ = try await ledger.userOf(midnight: today) }
            _ = try await ledger.grants().run(today.adding(-1))
            try await ledger.makeVersion2(halfDone: today)

            try await SchemaMigrator(pool: ledger.pool).apply()

            _ = try await ledger.grants().run(today.adding(-1))
            _ = try await ledger.grants(amount: 9).run(today)
            try await ledger.expectComplete(today.adding(-1), eligible: 0)
            try await ledger.expectComplete(today, eligible: 4)
            try await ledger.expectSound()
            #expect(try await ledger.count("SELECT sum(credits)::bigint FROM credits") == 20)
        }
    }

    @Test("what version 2 recorded stays as it was, and counts as applied")
    func upgradesRecordsOfVersion2() async throws {
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

    @Test func `an instance of version 2 cannot begin a day in these tables, and changes nothing`()
        async throws
    {
        try await withLedger { ledger in
            _ = try await ledger.newUser()
            // The first statement of its grant; without the row it goes no further.
            let error = await #expect(throws: DirectError.self) {
                try await ledger.database.run(
                    """
                    INSERT INTO daily_grants (day, amount) VALUES ('2026-11-22', 5)
                    ON CONFLICT (day) DO NOTHING
                    """)
            }
            // invalid_column_reference: no such unique index.
            #expect(error?.sqlState == "42P10")
            #expect(try await ledger.count("SELECT count(*) FROM daily_grants") == 0)
        }
    }
}

extension LedgerScene {
    /// What version 2 had otherwise, with a day that was cut short behind its first two users.
    fileprivate func makeVersion2(halfDone day: CalendarDay) async throws {
        try await execute(
            """
            DROP TABLE grant_chunks, grant_schedules;
            ALTER TABLE credit_transactions DROP COLUMN grant_schedule, DROP COLUMN schedule_day;
            ALTER TABLE daily_grants
                DROP CONSTRAINT daily_grants_pkey, DROP COLUMN schedule, DROP COLUMN due_at,
                DROP COLUMN actor, ADD CONSTRAINT daily_grants_pkey PRIMARY KEY (day),
                ALTER COLUMN started_at SET DEFAULT clock_timestamp(),
                ALTER COLUMN started_at SET NOT NULL;
            INSERT INTO daily_grants (day, amount, last_user_id, eligible, granted)
                SELECT '\(day)', 5, max(user_id), 2, 2 FROM
                    (SELECT user_id FROM users ORDER BY user_id LIMIT 2) AS u;
            WITH entry AS (
                INSERT INTO credit_transactions
                    (user_id, kind, amount, balance_after, grant_day)
                SELECT user_id, 'daily_grant', 5, 5, '\(day)'
                    FROM users ORDER BY user_id LIMIT 2
                RETURNING user_id, transaction_id, created_at
            ) INSERT INTO credits (user_id, credits, last_updated, last_transaction_id)
                SELECT user_id, 5, created_at, transaction_id FROM entry;
            UPDATE credits_schema SET version = 2;
            """)
    }

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
