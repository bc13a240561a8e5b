import Postgres
import TestSupport
import Testing

@testable import Ledger

/// SQL that would hurt, each with the guard that sees it.
struct `Schema guards` {
    struct Attack: Sendable {
        let sql: String
        let guardName: SchemaGuard
        /// Part of what the guard saw.
        let saw: String

        init(_ guardName: SchemaGuard, _ sql: String, _ saw: String) {
            self.sql = sql
            self.guardName = guardName
            self.saw = saw
        }
    }

    @Test(arguments: removals + replacements)
    func `what the service needs cannot be taken away or made another`(
        attack: Attack
    ) async throws {
        try await expectRefused(attack)
    }

    @Test(arguments: rows)
    func `no SQL changes a row of the ledger`(attack: Attack) async throws {
        try await expectRefused(attack)
    }

    @Test(arguments: hidden)
    func `nothing that works out of sight gets into the service's statements`(
        attack: Attack
    ) async throws {
        try await expectRefused(attack)
    }

    private func expectRefused(_ attack: Attack) async throws {
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

    // MARK: - Rows

    /// Each table, column, constraint, index, trigger and sequence that the service needs.
    static let removals: [Attack] =
        RequiredColumn.tables.map {
            Attack(.requiredObjects, "DROP TABLE \($0) CASCADE", "table \($0) is missing")
        }
        + RequiredColumn.all.map {
            Attack(
                .requiredObjects,
                "ALTER TABLE \($0.name.table) DROP COLUMN \($0.name.column) CASCADE",
                "column \($0.name.table).\($0.name.column) is missing")
        }
        + RequiredObject.all.map { Attack(.requiredObjects, removal(of: $0), $0) }

    private static func removal(of label: String) -> String {
        let words = label.split(separator: " ").map(String.init)
        return switch words[0] {
        case "constraint": "ALTER TABLE \(words[3]) DROP CONSTRAINT \(words[1]) CASCADE"
        case "trigger": "DROP TRIGGER \(words[1]) ON \(words[3])"
        default: "DROP \(words[0]) \(words[1]) CASCADE"
        }
    }

    static let replacements = [
        Attack(
            .requiredObjects, "ALTER TABLE users RENAME COLUMN name TO title",
            "column users.name is missing"),
        Attack(
            .requiredObjects, "ALTER TABLE credits RENAME TO balances", "table credits is missing"),
        Attack(
            .requiredObjects,
            "CREATE SCHEMA other; ALTER TABLE users SET SCHEMA other", "table users is missing"),
        Attack(
            .requiredObjects, "ALTER TABLE users ALTER COLUMN created_at TYPE date",
            "column users.created_at is date"),
        Attack(
            .requiredObjects, "ALTER TABLE users ALTER COLUMN email TYPE varchar(100)",
            "column users.email has room for 100 characters only"),
        Attack(
            .requiredObjects, "ALTER TABLE credit_transactions ALTER COLUMN metadata TYPE jsonb",
            "column credit_transactions.metadata is jsonb"),
        Attack(
            .requiredObjects,
            """
            ALTER TABLE credits DROP CONSTRAINT credits_within_limits,
            ADD CONSTRAINT credits_within_limits CHECK (true)
            """, "constraint credits_within_limits on credits was changed"),
        Attack(
            .requiredObjects,
            """
            DROP INDEX credit_transactions_grant_once;
            CREATE UNIQUE INDEX credit_transactions_grant_once
            ON credit_transactions (user_id, transaction_id, grant_day)
            """, "index credit_transactions_grant_once was changed"),
        Attack(
            .requiredObjects,
            """
            CREATE OR REPLACE FUNCTION credits_refuse_rewrite() RETURNS trigger
            LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'
            """, "function credits_refuse_rewrite() was changed"),
        Attack(
            .requiredObjects,
            "ALTER TABLE credit_transactions DISABLE TRIGGER credit_transactions_append_only",
            "trigger credit_transactions_append_only"),
        Attack(
            .requiredObjects, "ALTER SEQUENCE credit_transaction_ids INCREMENT BY -1 MINVALUE 1",
            "sequence credit_transaction_ids was changed"),
        Attack(
            .requiredObjects,
            "CREATE SCHEMA credits; CREATE TABLE credits.users (LIKE public.users)",
            "users, or a part of it, is another table than before"),
        Attack(
            .requiredObjects, "CREATE TABLE heir () INHERITS (credits)",
            "credits, or a part of it, is another table than before"),
    ]

    static let rows = [
        Attack(
            .ledgerRows, "UPDATE credits SET credits = 1000000",
            "credits: 0 rows inserted, 1 updated, 0 deleted"),
        Attack(.ledgerRows, "DELETE FROM credits", "1 deleted"),
        Attack(.ledgerRows, "DELETE FROM users", "credits: 0 rows inserted, 0 updated, 1 deleted"),
        Attack(
            .ledgerRows,
            "INSERT INTO daily_grants (day, amount, status) VALUES ('2100-01-01', 5, 'done')",
            "daily_grants: 1 rows inserted"),
        Attack(
            .ledgerRows,
            """
            INSERT INTO schema_changes (sql, request_id, duration_ms) VALUES ('nothing', 'r', 0)
            """, "schema_changes: 1 rows inserted"),
        Attack(
            .ledgerRows, "UPDATE credits_schema SET version = 1000",
            "credits_schema: 0 rows inserted, 1 updated"),
        Attack(
            .ledgerRows,
            """
            ALTER TABLE credit_transactions DISABLE TRIGGER credit_transactions_append_only;
            UPDATE credit_transactions SET amount = 6;
            ALTER TABLE credit_transactions ENABLE ALWAYS TRIGGER credit_transactions_append_only
            """,
            "credit_transactions: 0 rows inserted, 1 updated"),
        Attack(
            .ledgerRows,
            """
            ALTER TABLE credits DISABLE TRIGGER credits_no_truncate; TRUNCATE credits;
            ALTER TABLE credits ENABLE TRIGGER credits_no_truncate
            """, "credits was rewritten, emptied or replaced"),
        Attack(
            .ledgerRows,
            "ALTER TABLE credit_transactions ALTER COLUMN amount TYPE bigint USING amount * 2",
            "credit_transactions was rewritten, emptied or replaced"),
        Attack(
            .ledgerRows,
            """
            DO $$ BEGIN
                BEGIN UPDATE credits SET credits = 7; RAISE EXCEPTION 'x';
                EXCEPTION WHEN raise_exception THEN NULL; END;
                UPDATE credits SET credits = 7;
            END $$
            """, "credits: 0 rows inserted"),
        Attack(
            .ledgerRows,
            """
            CREATE FUNCTION gift() RETURNS void LANGUAGE sql AS 'UPDATE credits SET credits = 9';
            SELECT gift(); DROP FUNCTION gift()
            """, "1 updated"),
        Attack(
            .ledgerRows,
            """
            CREATE TABLE notes (id int);
            CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN UPDATE credits SET credits = 9; RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER later AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION later();
            INSERT INTO notes VALUES (1)
            """, "1 updated"),
        Attack(
            .transactionIDs, "SELECT setval('credit_transaction_ids', 1, false)",
            "credit_transaction_ids"),
        Attack(
            .transactionIDs, "ALTER SEQUENCE credit_transaction_ids RESTART",
            "credit_transaction_ids begins anew"),
    ]

    private static let gift = """
        CREATE FUNCTION gift() RETURNS trigger LANGUAGE plpgsql AS $f$
        BEGIN INSERT INTO credits (user_id, credits) VALUES (NEW.user_id, 10); RETURN NULL; END $f$;
        """

    private static let veto = """
        CREATE FUNCTION veto() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        """

    static let hidden = [
        Attack(
            .ledgerTriggers,
            veto + """
                CREATE TRIGGER veto BEFORE INSERT ON schema_changes
                FOR EACH ROW EXECUTE FUNCTION veto()
                """, "trigger veto on schema_changes was added"),
        Attack(
            .ledgerTriggers,
            veto + """
                CREATE TRIGGER veto BEFORE UPDATE ON credits FOR EACH ROW
                WHEN (NEW.user_id = 7) EXECUTE FUNCTION veto()
                """, "trigger veto on credits was added"),
        Attack(
            .ledgerTriggers,
            "CREATE RULE silent AS ON INSERT TO credit_transactions DO INSTEAD NOTHING",
            "rule silent on credit_transactions was added"),
        Attack(
            .ledgerTriggers,
            "ALTER TABLE credits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            "row security on credits was turned on"),
        Attack(
            .ledgerTriggers, "CREATE POLICY mine ON credits USING (user_id = 1)",
            "policy mine on credits was added"),
        Attack(
            .serviceStatements,
            gift + """
                CREATE TRIGGER gift AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION gift()
                """, "duplicate key"),
        Attack(
            .serviceStatements,
            veto + """
                CREATE TRIGGER veto BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION veto()
                """, "an answer could not be read"),
        Attack(
            .serviceStatements,
            """
            CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END';
            CREATE TRIGGER shout BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION shout()
            """, "was not kept as it was written"),
        Attack(
            .serviceStatements,
            "ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            "row-level security"),
        Attack(
            .serviceStatements,
            "ALTER TABLE credits ADD COLUMN note text; ALTER TABLE credits ADD CHECK (note <> '');"
                + "ALTER TABLE credits ADD CHECK (credits < 1000000)", "violates check constraint"),
        Attack(
            .serviceStatements,
            """
            ALTER TABLE users ADD COLUMN team text DEFAULT 'a' NOT NULL;
            ALTER TABLE users ALTER COLUMN team DROP DEFAULT
            """, "null value in column \"team\""),
        Attack(
            .serviceStatements,
            "CREATE UNIQUE INDEX one_each ON credit_transactions (user_id, reason)",
            "duplicate key"),
        Attack(
            .serviceStatements, "REVOKE INSERT ON credit_transactions FROM CURRENT_USER",
            "permission denied for table credit_transactions"),
        Attack(
            .serviceStatements, "REVOKE SELECT ON users FROM CURRENT_USER",
            "permission denied for table users"),
        Attack(
            .connections,
            """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',
                current_database()); END $$
            """, "settings"),
        Attack(
            .connections,
            """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0',
                current_database()); END $$
            """, "database"),
    ]
}
