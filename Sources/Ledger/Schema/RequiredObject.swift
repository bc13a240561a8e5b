/// What guards the tables besides the types of their columns. Without one of these the service
/// would still answer, and a promise would be broken. Only what schema.sql names itself stands
/// here: the keys of an older table may be called anything.
enum RequiredObject {
    /// As `statement` names them.
    static let all: [String] = [
        "constraint api_keys_hash_once on api_keys",
        "constraint credits_within_limits on credits",
        "constraint credit_transactions_balance_within_limits on credit_transactions",
        "constraint credit_transactions_pkey on credit_transactions",
        "constraint credit_transactions_related_whole on credit_transactions",
        "constraint daily_grants_pkey on daily_grants",
        "constraint grant_chunks_pkey on grant_chunks",
        "index credit_transactions_idempotency",
        "index credit_transactions_grant_once",
        "index credit_transactions_reversed_once",
        "index credit_transactions_schedule_once",
        "sequence credit_transaction_ids",
        "trigger audit_log_append_only on audit_log",
        "trigger credit_transactions_append_only on credit_transactions",
        "trigger credits_external_delete on credits",
        "trigger credits_external_insert on credits",
        "trigger credits_external_update on credits",
        "trigger credits_no_truncate on credits",
        "trigger schema_changes_append_only on schema_changes",
    ]

    /// What the triggers call. Their bodies are compared, not asked for by name: a trigger cannot
    /// outlive its function.
    static let functions: [String] = [
        "function credits_record_external_change()", "function credits_refuse_rewrite()",
    ]

    static func problems(given found: [String]) -> [String] {
        let found = Set(found)
        return all.filter { !found.contains($0) }.map { "\($0) is missing" }
    }
}
