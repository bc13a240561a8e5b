/// Where a user's ledger ends, as SQL for statements in which `u` is the user.
enum LastEntry {
    /// A user's row in `credits` may have been deleted past the service; the ledger still knows
    /// when that was, and no later time may come before it. NULL for a user without entries.
    static let moment = """
        (SELECT created_at FROM credit_transactions t WHERE t.user_id = u.user_id
            ORDER BY transaction_id DESC LIMIT 1)
        """
}
