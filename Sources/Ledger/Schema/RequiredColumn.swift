/// A column without which the service's statements would fail.
struct RequiredColumn: Sendable {
    struct Name: Hashable, Sendable {
        let table: String
        let column: String
    }

    let name: Name
    /// As PostgreSQL's `format_type` spells it.
    let type: String

    static let all: [RequiredColumn] =
        columns(
            of: "users",
            [
                "user_id": bigint, "email": varchar, "name": varchar, "created_at": timestamptz,
                "deleted_at": timestamptz,
            ])
        + columns(
            of: "credits",
            [
                "user_id": bigint, "credits": bigint, "last_updated": timestamptz,
                "last_transaction_id": bigint, "closed_at": timestamptz,
            ])
        + columns(
            of: "credit_transactions",
            [
                "user_id": bigint, "transaction_id": bigint, "kind": text, "amount": bigint,
                "balance_after": bigint, "created_at": timestamptz, "reason": text,
                "metadata": "json", "idempotency_key": text, "grant_day": "date",
                "grant_schedule": text, "schedule_day": "date",
                "related_user_id": bigint, "related_transaction_id": bigint, "actor": text,
            ])
        + columns(
            of: "daily_grants",
            [
                "schedule": text, "day": "date", "amount": bigint, "status": text,
                "last_user_id": bigint, "eligible": bigint, "granted": bigint, "capped": bigint,
                "started_at": timestamptz, "finished_at": timestamptz, "due_at": timestamptz,
                "actor": text,
            ])
        + columns(
            of: "grant_chunks",
            [
                "schedule": text, "day": "date", "first_user_id": bigint, "last_user_id": bigint,
                "granted": bigint, "capped": bigint,
            ])
        + columns(
            of: "grant_schedules",
            [
                "name": text, "amount": bigint, "cadence": text,
                "time_utc": "time without time zone", "weekday": "smallint",
                "day_of_month": "smallint", "active_from": "date", "active_to": "date",
            ])
        + columns(
            of: "schema_changes",
            [
                "change_id": bigint, "applied_at": timestamptz, "sql": text, "request_id": text,
                "duration_ms": "double precision", "actor": text, "outcome": text,
                "diff": "json", "rows_changed": "json",
            ])
        + columns(
            of: "api_keys",
            [
                "key_id": bigint, "name": varchar, "hint": text, "hash": text, "scopes": "text[]",
                "created_at": timestamptz, "created_by": text, "expires_at": timestamptz,
                "last_used_at": timestamptz, "revoked_at": timestamptz,
            ])
        + columns(
            of: "audit_log",
            [
                "audit_id": bigint, "at": timestamptz, "actor": text, "action": text,
                "target": text, "request_id": text, "detail": "json",
            ])
        + columns(of: "credits_schema", ["version": "integer", "installed_at": timestamptz])

    static let tables: [String] = Set(all.map(\.name.table)).sorted()

    /// What is wrong in a database that has these columns with these types: a phrase for each table
    /// that is missing, and for each column that is missing or of another type.
    static func problems(given found: [Name: String]) -> [String] {
        let foundTables = Set(found.keys.map(\.table))
        let missingTables = tables.filter { !foundTables.contains($0) }
        return missingTables.map { "table \($0) is missing" }
            + all.filter { foundTables.contains($0.name.table) }
            .compactMap { $0.problem(given: found) }
    }

    private func problem(given found: [Name: String]) -> String? {
        let label = "\(name.table).\(name.column)"
        guard let foundType = found[name] else { return "column \(label) is missing" }
        // Where a limited text is enough, an unlimited one is too.
        let isRight = foundType == type || (type == Self.varchar && foundType == Self.text)
        return isRight ? nil : "column \(label) is \(foundType), not \(type)"
    }

    private static let bigint = "bigint"
    private static let text = "text"
    private static let varchar = "character varying"
    private static let timestamptz = "timestamp with time zone"

    private static func columns(
        of table: String, _ types: KeyValuePairs<String, String>
    ) -> [RequiredColumn] {
        types.map { RequiredColumn(name: Name(table: table, column: $0.key), type: $0.value) }
    }
}
