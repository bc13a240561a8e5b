import Postgres

/// The SQL that finds what a batch's commands refer to in the ledger: the entries that stand under
/// their idempotency keys, those that they want reversed, and those of commits that were never
/// answered. A plain write has none of these, and does not pay for them.
struct EntryLookUps {
    private let keyed: [Command]
    private let reversed: [EntryReference]
    private let suspects: [LedgerEntry]

    init(_ commands: [Command], suspects: [LedgerEntry]) {
        keyed = commands.filter { $0.idempotencyKey != nil }
        reversed = commands.compactMap { command in
            guard case .reversal(let id) = command.change else { return nil }
            return EntryReference(user: command.user, transactionID: id)
        }
        self.suspects = suspects
    }

    var statements: [Statement] {
        var statements: [Statement] = []
        if !keyed.isEmpty { statements.append(findKeyed) }
        if !reversed.isEmpty { statements.append(findReversed) }
        if !suspects.isEmpty { statements.append(findSuspects) }
        return statements
    }

    /// Puts what was found into the state; returns the balances after those suspects that stand in
    /// the ledger, by their ids.
    ///
    /// - Parameter results: those of `statements`, in their order.
    func read(
        _ results: ArraySlice<Rows>, into state: inout LedgerState
    ) throws(PostgresError) -> [Int64: Int64] {
        var results = results
        if !keyed.isEmpty, let rows = results.popFirst() {
            for entry in try rows.decodeEach(LedgerEntry.init) {
                guard let key = entry.idempotencyKey else { continue }
                state.earlier[.init(user: entry.user, key: key)] = entry
            }
        }
        if !reversed.isEmpty, let rows = results.popFirst() {
            for entry in try rows.decodeEach(LedgerEntry.init) {
                state.reversed[entry.reference] = entry
                if entry.kind == .reversal, let undone = entry.related {
                    state.reversals[undone] = entry.transactionID
                }
            }
        }
        var committed: [Int64: Int64] = [:]
        if !suspects.isEmpty, let rows = results.popFirst() {
            for row in rows {
                let (id, balanceAfter) = try row.decode(Int64.self, Int64.self)
                committed[id] = balanceAfter
            }
        }
        return committed
    }

    private var findKeyed: Statement {
        """
        SELECT \(unescaped: LedgerEntry.columns)
        FROM unnest(
            \(keyed.map(\.user.rawValue)), \(keyed.compactMap(\.idempotencyKey?.rawValue))
        ) AS wanted (user_id, idempotency_key)
        JOIN credit_transactions t USING (user_id, idempotency_key)
        """
    }

    /// The entries, and the reversals that they have.
    private var findReversed: Statement {
        """
        WITH wanted (user_id, transaction_id) AS (
            SELECT DISTINCT * FROM unnest(
                \(reversed.map(\.user.rawValue)), \(reversed.map(\.transactionID)))
        )
        SELECT \(unescaped: LedgerEntry.columns)
        FROM wanted JOIN credit_transactions t USING (user_id, transaction_id)
        UNION ALL
        SELECT \(unescaped: LedgerEntry.columns)
        FROM wanted w JOIN credit_transactions t ON t.user_id = w.user_id
            AND t.related_transaction_id = w.transaction_id AND t.kind = 'reversal'
        """
    }

    /// The id alone would not do: a sequence's last steps are lost in a crash before their flush,
    /// and somebody else may draw the same ids after it.
    private var findSuspects: Statement {
        """
        SELECT transaction_id, balance_after FROM credit_transactions
        JOIN unnest(\(suspects.map(\.user.rawValue)), \(suspects.map(\.transactionID)),
            \(suspects.map(\.kind.rawValue)), \(suspects.map(\.amount)),
            \(suspects.map(\.createdAt.postgres)))
            AS suspect (user_id, transaction_id, kind, amount, created_at)
            USING (user_id, transaction_id, kind, amount, created_at)
        """
    }
}
