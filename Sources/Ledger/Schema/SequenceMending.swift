import Postgres

/// Mends what no rollback takes back: SQL may set the service's sequences to any number.
///
/// Transaction ids from before would be given a second time, and a sequence at its end gives none
/// at all: nothing could be written, no key be revoked. What others drew meanwhile is kept.
struct SequenceMending: Sendable {
    /// The last transaction id that was drawn before the SQL.
    let lastTransactionID: Int64

    /// So many are drawn by nobody within a statement's time.
    static let implausible: Int64 = 100_000_000

    private static let others = [
        (table: "users", column: "user_id"), (table: "api_keys", column: "key_id"),
        (table: "audit_log", column: "audit_id"), (table: "schema_changes", column: "change_id"),
    ]

    var statements: [Statement] {
        [transactionIDs] + Self.others.map { Self.fromTheEnd($0.table, $0.column) }
    }

    private var transactionIDs: Statement {
        """
        SELECT setval('credit_transaction_ids', greatest(\(lastTransactionID),
            (SELECT max(last_transaction_id) FROM credits)))
        FROM credit_transaction_ids
        WHERE last_value < \(lastTransactionID)
            OR last_value - \(lastTransactionID) > \(Self.implausible)
        """
    }

    private static func fromTheEnd(_ table: String, _ column: String) -> Statement {
        """
        SELECT setval(sequence, last)
        FROM (SELECT to_regclass(pg_get_serial_sequence(\(table), \(column))) AS sequence,
            (SELECT coalesce(max(\(unescaped: column)), 1) FROM \(unescaped: table)) AS last) AS own
        WHERE CASE WHEN has_sequence_privilege(sequence, 'SELECT')
                AND has_sequence_privilege(sequence, 'UPDATE')
            THEN pg_sequence_last_value(sequence) - last > \(implausible) END
        """
    }
}
