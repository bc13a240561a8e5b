// What each change does where the user exists and the key is new. The guards stand in the order of
// `Outcome`'s cases.

extension CreditRules {
    /// Adds a signed amount to the balance of the command's user.
    mutating func move(
        _ amount: Int64, _ command: Command, on balance: LedgerState.Balance,
        undoing undone: EntryReference? = nil
    ) -> Outcome {
        guard -amount <= balance.credits else {
            return .insufficientCredits(available: balance.credits, requested: -amount)
        }
        guard amount <= balance.room else {
            return .balanceLimitReached(available: balance.room, requested: amount)
        }
        let posting = Posting(
            user: command.user, kind: command.change.kind, amount: amount,
            idempotencyKey: command.idempotencyKey, related: undone)
        return .applied(record(posting, of: command, on: balance))
    }

    /// Two entries, each of which names the other.
    mutating func transfer(
        _ amount: Int64, to recipient: UserID, _ command: Command, on balance: LedgerState.Balance
    ) -> Outcome {
        guard recipient != command.user else { return .transferToSelf }
        guard let other = state.balances[recipient] else { return .recipientNotFound }
        guard amount <= balance.credits else {
            return .insufficientCredits(available: balance.credits, requested: amount)
        }
        guard amount <= other.room else {
            return .recipientLimitReached(available: other.room, requested: amount)
        }
        let sent = EntryReference(user: command.user, transactionID: nextID())
        let received = EntryReference(user: recipient, transactionID: nextID(skipping: 1))
        let receipt = record(
            Posting(
                user: command.user, kind: .transferOut, amount: -amount,
                idempotencyKey: command.idempotencyKey, related: received),
            of: command, on: balance)
        _ = record(
            Posting(user: recipient, kind: .transferIn, amount: amount, related: sent),
            of: command, on: other)
        return .applied(receipt)
    }

    /// An entry of the opposite amount, once. What was added may have been spent since, and what
    /// was taken may no longer fit.
    mutating func reverse(
        _ transactionID: Int64, _ command: Command, on balance: LedgerState.Balance
    ) -> Outcome {
        let reference = EntryReference(user: command.user, transactionID: transactionID)
        guard let entry = entry(at: reference) else { return .transactionNotFound }
        guard entry.kind.isReversible else { return .notReversible(entry.kind) }
        if let reversal = state.reversals[reference] { return .alreadyReversed(by: reversal) }
        return move(-entry.amount, command, on: balance, undoing: reference)
    }

    /// One that was loaded, or one that the batch made before.
    private func entry(at reference: EntryReference) -> LedgerEntry? {
        state.reversed[reference] ?? entries.last { $0.reference == reference }
    }
}
