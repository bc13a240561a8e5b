import Postgres

/// The SQL that holds an entry against the one that it names: a transfer's two sides against each
/// other, and a reversal against what it undid.
///
/// The other entry is looked up by its key, wherever it is: each side is found wanting by itself.
struct RelatedEntries: Sendable {
    private static let unpaired = EntryKind.allCases.filter(\.isReversible).map(\.rawValue)

    /// Each user's first entry that does not match the one that it names. No rows where no chunk
    /// has a transfer or a reversal.
    ///
    /// The opposite of the least number there is would overflow; it is no entry's.
    func failures(of users: ClosedRange<Int64>) -> Statement {
        """
        WITH named AS (
            SELECT t.user_id, t.transaction_id, t.kind, t.amount, t.related_user_id,
                t.related_transaction_id,
                CASE WHEN t.kind = 'reversal' THEN lag(t.transaction_id) OVER (
                    PARTITION BY t.user_id, t.related_transaction_id, t.kind
                    ORDER BY t.transaction_id) END AS undone_by
            FROM credit_transactions t
            WHERE t.user_id BETWEEN \(users.lowerBound) AND \(users.upperBound)
                AND t.kind <> ALL (\(Self.unpaired))
        ), held AS (
            SELECT n.*, o.user_id IS NULL AS is_missing,
                o.amount IS DISTINCT FROM
                    CASE WHEN n.amount > \(Int64.min) THEN -n.amount END
                OR CASE WHEN n.kind = 'reversal' THEN o.user_id <> n.user_id
                        OR o.transaction_id >= n.transaction_id
                        OR o.kind <> ALL (\(Self.unpaired))
                    ELSE o.kind <> CASE n.kind WHEN 'transfer_out' THEN 'transfer_in'
                            ELSE 'transfer_out' END
                        OR o.user_id = n.user_id
                        OR o.related_user_id IS DISTINCT FROM n.user_id
                        OR o.related_transaction_id IS DISTINCT FROM n.transaction_id
                    END AS is_other
            FROM named n LEFT JOIN credit_transactions o
                ON o.user_id = n.related_user_id AND o.transaction_id = n.related_transaction_id
        )
        SELECT DISTINCT ON (user_id) user_id, transaction_id, related_user_id,
            related_transaction_id, is_missing, is_other, undone_by
        FROM held WHERE is_missing OR is_other OR undone_by IS NOT NULL
        ORDER BY user_id, transaction_id
        """
    }

    func discrepancies(from rows: Rows) throws(PostgresError) -> [Discrepancy] {
        try rows.decodeEach { row throws(PostgresError) in
            let (user, id, otherUser, otherID, isMissing, isOther, undoneBy) = try row.decode(
                Int64.self, Int64.self, Int64?.self, Int64?.self, Bool.self, Bool?.self,
                Int64?.self)
            var named: Discrepancy.NamedEntry?
            if let otherUser, let otherID { named = .init(user: otherUser, id: otherID) }
            let finding: Discrepancy.Finding =
                if let named, !isMissing {
                    if let undoneBy, isOther != true {
                        .undoneBefore(transactionID: id, named: named, by: undoneBy)
                    } else {
                        .namedEntryDiffers(transactionID: id, named: named)
                    }
                } else {
                    .namedEntryMissing(transactionID: id, named: named)
                }
            return Discrepancy(user: user, finding: finding)
        }
    }
}
