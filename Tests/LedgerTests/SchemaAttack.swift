@testable import Ledger

/// SQL that would hurt, the guard that must see it, and part of what that guard says.
struct SchemaAttack: Sendable {
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

extension SchemaAttack {
    /// Each table, column, constraint, index, trigger and sequence that the service needs.
    static let removals: [SchemaAttack] =
        RequiredColumn.tables.map {
            SchemaAttack(.requiredObjects, "DROP TABLE \($0) CASCADE", "table \($0) is missing")
        }
        + RequiredColumn.all.map {
            SchemaAttack(
                .requiredObjects,
                "ALTER TABLE \($0.name.table) DROP COLUMN \($0.name.column) CASCADE",
                "column \($0.name.table).\($0.name.column) is missing")
        }
        + RequiredObject.all.map { SchemaAttack(.requiredObjects, removal(of: $0), $0) }

    private static func removal(of label: String) -> String {
        let words = label.split(separator: " ").map(String.init)
        return switch words[0] {
        case "constraint": "ALTER TABLE \(words[3]) DROP CONSTRAINT \(words[1]) CASCADE"
        case "trigger": "DROP TRIGGER \(words[1]) ON \(words[3])"
        default: "DROP \(words[0]) \(words[1]) CASCADE"
        }
    }

    static let replacements = [
        SchemaAttack(
            .requiredObjects, "ALTER TABLE users RENAME COLUMN name TO title",
            "column users.name is missing"),
        SchemaAttack(
            .requiredObjects, "ALTER TABLE credits RENAME TO balances", "table credits is missing"),
        SchemaAttack(
            .requiredObjects,
            "CREATE SCHEMA other; ALTER TABLE users SET SCHEMA other", "table users is missing"),
        SchemaAttack(
            .requiredObjects, "ALTER TABLE users ALTER COLUMN created_at TYPE date",
            "column users.created_at is date"),
        SchemaAttack(
            .requiredObjects, "ALTER TABLE users ALTER COLUMN email TYPE varchar(100)",
            "column users.email has room for 100 characters only"),
        SchemaAttack(
            .requiredObjects, "ALTER TABLE credit_transactions ALTER COLUMN metadata TYPE jsonb",
            "column credit_transactions.metadata is jsonb"),
        SchemaAttack(
            .requiredObjects,
            """
            ALTER TABLE credits DROP CONSTRAINT credits_within_limits,
            ADD CONSTRAINT credits_within_limits CHECK (true)
            """, "constraint credits_within_limits on credits was changed"),
        SchemaAttack(
            .requiredObjects,
            """
            DROP INDEX credit_transactions_grant_once;
            CREATE UNIQUE INDEX credit_transactions_grant_once
            ON credit_transactions (user_id, transaction_id, grant_day)
            """, "index credit_transactions_grant_once was changed"),
        SchemaAttack(
            .requiredObjects,
            """
            CREATE OR REPLACE FUNCTION credits_refuse_rewrite() RETURNS trigger
            LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'
            """, "function credits_refuse_rewrite() was changed"),
        SchemaAttack(
            .requiredObjects,
            "ALTER TABLE credit_transactions DISABLE TRIGGER credit_transactions_append_only",
            "trigger credit_transactions_append_only"),
        SchemaAttack(
            .requiredObjects, "ALTER SEQUENCE credit_transaction_ids INCREMENT BY -1 MINVALUE 1",
            "sequence credit_transaction_ids was changed"),
        SchemaAttack(
            .requiredObjects,
            "CREATE SCHEMA credits; CREATE TABLE credits.users (LIKE public.users)",
            "users, or a part of it, is another table than before"),
        SchemaAttack(
            .requiredObjects, "CREATE TABLE heir () INHERITS (credits)",
            "credits, or a part of it, is another table than before"),
    ]
}
