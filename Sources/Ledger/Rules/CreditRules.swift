/// The rules of the ledger.
///
/// Theory of operation: a batch's commands are put to `decide` one after the other. Each is judged
/// on the state that those before it left behind, so a batch has the outcomes that the same
/// commands would have had one by one. What was applied gathers in `entries`; what that makes of
/// the balances stands in `changedBalances`. The rules know no clock, no database and no
/// randomness: the moment and the transaction ids come from outside, so the same input gives the
/// same ledger.
struct CreditRules {
    private(set) var state: LedgerState
    private(set) var entries: [LedgerEntry] = []
    private let moment: Timestamp
    private var unusedIDs: ArraySlice<Int64>

    /// - Parameters:
    ///   - moment: the database's clock, read after the users' rows were locked.
    ///   - transactionIDs: ascending, drawn after the rows were locked, one for each command that
    ///     may follow.
    init(state: LedgerState, moment: Timestamp, transactionIDs: [Int64]) {
        self.state = state
        self.moment = moment
        unusedIDs = transactionIDs[...]
    }

    /// Judges one command, in the order of `Outcome`'s cases.
    mutating func decide(_ command: Command) -> Outcome {
        guard let balance = state.balances[command.user] else { return .userNotFound }
        if let earlier = earlierEntry(for: command) {
            if let member = earlier.memberDiffering(from: command) {
                return .keyReused(differing: member)
            }
            return .replayed(earlier.receipt)
        }
        switch Self.amount(of: command.change, on: balance.credits) {
        case .refused(let outcome): return outcome
        case .moves(let amount): return .applied(append(command, amount: amount, to: balance))
        }
    }

    /// The balances that `entries` changed, one for each user, in the order of their ids.
    var changedBalances: [LedgerEntry] {
        var last: [UserID: LedgerEntry] = [:]
        for entry in entries { last[entry.user] = entry }
        return last.values.sorted { $0.user < $1.user }
    }

    /// Whether the user had a row in `credits` when the state was loaded.
    func isStored(_ user: UserID) -> Bool { state.balances[user]?.isStored ?? false }

    private enum Verdict {
        case moves(Int64)
        case refused(Outcome)
    }

    /// The signed amount that a change adds to a balance, or why it must not.
    private static func amount(of change: Change, on credits: Int64) -> Verdict {
        switch change {
        case .add(let amount):
            let room = BalanceLimits.range.upperBound - credits
            guard amount.rawValue <= room else {
                return .refused(
                    .balanceLimitReached(available: room, requested: amount.rawValue))
            }
            return .moves(amount.rawValue)
        case .deduct(let amount):
            guard amount.rawValue <= credits else {
                return .refused(
                    .insufficientCredits(available: credits, requested: amount.rawValue))
            }
            return .moves(-amount.rawValue)
        case .reset:
            return .moves(-credits)
        }
    }

    private mutating func append(
        _ command: Command, amount: Int64, to balance: LedgerState.Balance
    ) -> Receipt {
        guard let transactionID = unusedIDs.popFirst() else {
            preconditionFailure("one transaction id must be drawn for each command")
        }
        let entry = LedgerEntry(
            user: command.user, transactionID: transactionID, kind: command.change.kind,
            amount: amount, balanceAfter: balance.credits + amount,
            createdAt: max(moment, balance.lastUpdated), reason: command.reason,
            metadata: command.metadata, idempotencyKey: command.idempotencyKey)
        assert(BalanceLimits.range.contains(entry.balanceAfter))
        record(entry)
        return entry.receipt
    }

    private mutating func record(_ entry: LedgerEntry) {
        entries.append(entry)
        // `isStored` stays what it was at the load.
        state.balances[entry.user]?.credits = entry.balanceAfter
        state.balances[entry.user]?.lastUpdated = entry.createdAt
        if let key = entry.idempotencyKey {
            state.earlier[.init(user: entry.user, key: key)] = entry
        }
    }

    private func earlierEntry(for command: Command) -> LedgerEntry? {
        guard let key = command.idempotencyKey else { return nil }
        return state.earlier[.init(user: command.user, key: key)]
    }
}

extension LedgerEntry {
    /// The first member in which a command differs from the one that this entry came from; nil when
    /// it is the same request again.
    fileprivate func memberDiffering(from command: Command) -> String? {
        if kind != command.change.kind { return "kind" }
        switch command.change {
        case .add(let requested) where requested.rawValue != amount: return "amount"
        case .deduct(let requested) where requested.rawValue != -amount: return "amount"
        case .add, .deduct, .reset: break
        }
        if reason != command.reason { return "reason" }
        if metadata != command.metadata { return "metadata" }
        return nil
    }
}
