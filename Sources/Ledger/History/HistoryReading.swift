import Postgres

extension HistoryEntry {
    init(_ row: Row) throws(PostgresError) {
        transactionID = try row["transaction_id", Int64.self]
        kind = try row["kind", EntryKind.self]
        amount = try row["amount", Int64.self]
        balanceAfter = try row["balance_after", Int64.self]
        reason = try row["reason", String?.self]
        metadata = try row["metadata", String?.self]
        idempotencyKey = try row["idempotency_key", String?.self]
        createdAt = try row["created_at", Timestamp.self]
        actor = try row["actor", String?.self]
        let relatedUser = try row["related_user_id", Int64?.self]
        let relatedID = try row["related_transaction_id", Int64?.self]
        if let relatedUser, let relatedID {
            related = Related(user: relatedUser, transactionID: relatedID)
        } else {
            related = nil
        }
    }
}
