@testable import Ledger

// What works on the ledger's rows, and what hides in the service's statements.

extension SchemaAttack {
    static let rows = [
        SchemaAttack(
            .ledgerRows, "UPDATE credits SET credits = 1000000",
            "credits: 0 rows inserted, 1 updated, 0 deleted"),
        SchemaAttack(.ledgerRows, "DELETE FROM credits", "1 deleted"),
        SchemaAttack(
            .ledgerRows, "DELETE FROM users", "credits: 0 rows inserted, 0 updated, 1 deleted"),
        SchemaAttack(
            .ledgerRows,
            "INSERT INTO daily_grants (day, amount, status) VALUES ('2100-01-01', 5, 'done')",
            "daily_grants: 1 rows inserted"),
        SchemaAttack(
            .ledgerRows,
            """
            INSERT INTO schema_changes (sql, request_id, duration_ms) VALUES ('nothing', 'r', 0)
            """, "schema_changes: 1 rows inserted"),
        SchemaAttack(
            .ledgerRows, "UPDATE credits_schema SET version = 1000",
            "credits_schema: 0 rows inserted, 1 updated"),
        SchemaAttack(
            .ledgerRows,
            """
            ALTER TABLE credit_transactions DISABLE TRIGGER credit_transactions_append_only;
            UPDATE credit_transactions SET amount = 6;
            ALTER TABLE credit_transactions ENABLE ALWAYS TRIGGER credit_transactions_append_only
            """,
            "credit_transactions: 0 rows inserted, 1 updated"),
        SchemaAttack(
            .ledgerRows,
            """
            ALTER TABLE credits DISABLE TRIGGER credits_no_truncate; TRUNCATE credits;
            ALTER TABLE credits ENABLE TRIGGER credits_no_truncate
            """, "credits was rewritten, emptied or replaced"),
        SchemaAttack(
            .ledgerRows,
            "ALTER TABLE credit_transactions ALTER COLUMN amount TYPE bigint USING amount * 2",
            "credit_transactions was rewritten, emptied or replaced"),
        SchemaAttack(
            .ledgerRows,
            """
            DO $$ BEGIN
                BEGIN UPDATE credits SET credits = 7; RAISE EXCEPTION 'x';
                EXCEPTION WHEN raise_exception THEN NULL; END;
                UPDATE credits SET credits = 7;
            END $$
            """, "credits: 0 rows inserted"),
        SchemaAttack(
            .ledgerRows,
            """
            CREATE FUNCTION gift() RETURNS void LANGUAGE sql AS 'UPDATE credits SET credits = 9';
            SELECT gift(); DROP FUNCTION gift()
            """, "1 updated"),
        SchemaAttack(
            .ledgerRows,
            """
            CREATE TABLE notes (id int);
            CREATE FUNCTION later() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN UPDATE credits SET credits = 9; RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER later AFTER INSERT ON notes DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION later();
            INSERT INTO notes VALUES (1)
            """, "1 updated"),
        SchemaAttack(
            .transactionIDs, "SELECT setval('credit_transaction_ids', 1, false)",
            "credit_transaction_ids"),
        SchemaAttack(
            .transactionIDs, "SELECT setval('credit_transaction_ids', 9223372036854775807)",
            "credit_transaction_ids"),
        SchemaAttack(
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
        SchemaAttack(
            .ledgerTriggers,
            veto + """
                CREATE TRIGGER veto BEFORE INSERT ON schema_changes
                FOR EACH ROW EXECUTE FUNCTION veto()
                """, "trigger veto on schema_changes was added"),
        SchemaAttack(
            .ledgerTriggers,
            veto + """
                CREATE TRIGGER veto BEFORE UPDATE ON credits FOR EACH ROW
                WHEN (NEW.user_id = 7) EXECUTE FUNCTION veto()
                """, "trigger veto on credits was added"),
        SchemaAttack(
            .ledgerTriggers,
            "CREATE RULE silent AS ON INSERT TO credit_transactions DO INSTEAD NOTHING",
            "rule silent on credit_transactions was added"),
        SchemaAttack(
            .ledgerTriggers,
            "ALTER TABLE credits ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            "row security on credits was turned on"),
        SchemaAttack(
            .ledgerTriggers, "CREATE POLICY mine ON credits USING (user_id = 1)",
            "policy mine on credits was added"),
        SchemaAttack(
            .serviceStatements,
            gift + """
                CREATE TRIGGER gift AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION gift()
                """, "duplicate key"),
        SchemaAttack(
            .serviceStatements,
            veto + """
                CREATE TRIGGER veto BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION veto()
                """, "an answer could not be read"),
        SchemaAttack(
            .serviceStatements,
            """
            CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql
                AS 'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END';
            CREATE TRIGGER shout BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION shout()
            """, "was not kept as it was written"),
        SchemaAttack(
            .serviceStatements,
            "ALTER TABLE users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
            "row-level security"),
        SchemaAttack(
            .serviceStatements,
            "ALTER TABLE credits ADD COLUMN note text; ALTER TABLE credits ADD CHECK (note <> '');"
                + "ALTER TABLE credits ADD CHECK (credits < 1000000)", "violates check constraint"),
        SchemaAttack(
            .serviceStatements,
            """
            ALTER TABLE users ADD COLUMN team text DEFAULT 'a' NOT NULL;
            ALTER TABLE users ALTER COLUMN team DROP DEFAULT
            """, "null value in column \"team\""),
        SchemaAttack(
            .serviceStatements,
            "CREATE UNIQUE INDEX one_each ON credit_transactions (user_id, reason)",
            "duplicate key"),
        SchemaAttack(
            .serviceStatements, "ALTER TABLE grant_chunks ADD COLUMN note text NOT NULL",
            "null value in column \"note\""),
        SchemaAttack(
            .serviceStatements, "ALTER TABLE daily_grants ADD CHECK (amount > 1) NOT VALID",
            "violates check constraint"),
        SchemaAttack(
            .serviceStatements, "ALTER TABLE api_keys ADD CHECK (length(name) < 100) NOT VALID",
            "violates check constraint"),
        SchemaAttack(
            .serviceStatements, "REVOKE UPDATE ON api_keys FROM CURRENT_USER",
            "permission denied for table api_keys"),
        SchemaAttack(
            .serviceStatements, "REVOKE INSERT ON credit_transactions FROM CURRENT_USER",
            "permission denied for table credit_transactions"),
        SchemaAttack(
            .serviceStatements, "REVOKE SELECT ON users FROM CURRENT_USER",
            "permission denied for table users"),
        SchemaAttack(
            .connections,
            """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on',
                current_database()); END $$
            """, "settings"),
        SchemaAttack(
            .connections,
            """
            DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0',
                current_database()); END $$
            """, "database"),
    ]
}
