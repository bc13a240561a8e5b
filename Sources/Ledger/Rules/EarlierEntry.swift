// What stands under an idempotency key is the request itself: its entry tells what was asked.

extension LedgerEntry {
    /// What a command is answered whose key this entry has.
    func answer(to command: Command) -> Outcome {
        if let member = memberDiffering(from: command) { return .keyReused(differing: member) }
        return .replayed(receipt)
    }

    /// The first member in which a command differs from the one that this entry came from; nil when
    /// it is the same request again.
    private func memberDiffering(from command: Command) -> String? {
        if kind != command.change.kind { return "kind" }
        switch command.change {
        case .add(let requested) where requested.rawValue != amount: return "amount"
        case .deduct(let requested) where requested.rawValue != -amount: return "amount"
        case .transfer(_, let recipient) where recipient != related?.user: return "to"
        case .transfer(let requested, _) where requested.rawValue != -amount: return "amount"
        case .reversal(let undone) where undone != related?.transactionID: return "transaction_id"
        case .add, .deduct, .reset, .transfer, .reversal: break
        }
        if reason != command.reason { return "reason" }
        if metadata != command.metadata { return "metadata" }
        return nil
    }
}
