/// The rules of the ledger.
///
/// Theory of operation: a batch's requests are put to `decide` one after the other. Each is judged
/// on the state that those before it left behind, so a batch has the outcomes that the same
/// requests would have had one by one. What was applied gathers in `entries`; what that makes of
/// the balances stands in `changedBalances`. An entry tells all that it changed: where a request
/// must not happen after all, its entries are taken back, the newest first, and nothing is left of
/// it. The rules know no clock, no database and no randomness: the moment and the transaction ids
/// come from outside, so the same input gives the same ledger.
struct CreditRules {
    private(set) var state: LedgerState
    private(set) var entries: [LedgerEntry] = []
    private let moment: Timestamp
    private let transactionIDs: [Int64]

    /// - Parameters:
    ///   - moment: the database's clock, read after the users' rows were locked.
    ///   - transactionIDs: ascending, drawn after the rows were locked, one for each entry that the
    ///     commands may make.
    init(state: LedgerState, moment: Timestamp, transactionIDs: [Int64]) {
        self.state = state
        self.moment = moment
        self.transactionIDs = transactionIDs
    }

    /// Judges a request's commands one after the other.
    mutating func decide(_ request: WriteRequest) -> Decision {
        let start = entries.count
        var outcomes: [Outcome] = []
        outcomes.reserveCapacity(request.commands.count)
        for (index, command) in request.commands.enumerated() {
            let outcome = decide(command)
            guard outcome.receipt != nil || !request.isAllOrNone else {
                takeBackEntries(from: start)
                return .refused(outcome, index: index)
            }
            outcomes.append(outcome)
        }
        if request.isDryRun {
            let made = Set(entries[start...].map(\.transactionID))
            outcomes = outcomes.map { $0.withoutTransactionID(in: made) }
            takeBackEntries(from: start)
        }
        return .judged(outcomes)
    }

    /// Judges one command, in the order of `Outcome`'s cases.
    mutating func decide(_ command: Command) -> Outcome {
        guard let balance = state.balances[command.user] else { return .userNotFound }
        if let earlier = earlierEntry(for: command) { return earlier.answer(to: command) }
        switch command.change {
        case .add(let amount):
            return move(amount.rawValue, command, on: balance)
        case .deduct(let amount):
            return move(-amount.rawValue, command, on: balance)
        case .reset:
            return move(-balance.credits, command, on: balance)
        case .transfer(let amount, let recipient):
            return transfer(amount.rawValue, to: recipient, command, on: balance)
        case .reversal(let transactionID):
            return reverse(transactionID, command, on: balance)
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

    private func earlierEntry(for command: Command) -> LedgerEntry? {
        guard let key = command.idempotencyKey else { return nil }
        return state.earlier[.init(user: command.user, key: key)]
    }
}

// MARK: - Entries

extension CreditRules {
    /// What a command does to one balance.
    struct Posting {
        let user: UserID
        let kind: EntryKind
        let amount: Int64
        var idempotencyKey: IdempotencyKey?
        var related: EntryReference?
    }

    /// The id of the entry that will follow, or of one after that.
    func nextID(skipping count: Int = 0) -> Int64 {
        let index = entries.count + count
        precondition(index < transactionIDs.count, "an id must be drawn for each entry")
        return transactionIDs[index]
    }

    /// Makes an entry, and the balance what the entry says.
    mutating func record(
        _ posting: Posting, of command: Command, on balance: LedgerState.Balance
    ) -> Receipt {
        let entry = LedgerEntry(
            user: posting.user, transactionID: nextID(), kind: posting.kind,
            amount: posting.amount, balanceAfter: balance.credits + posting.amount,
            createdAt: max(moment, balance.lastUpdated), reason: command.reason,
            metadata: command.metadata, idempotencyKey: posting.idempotencyKey,
            related: posting.related, actor: command.actor)
        assert(BalanceLimits.range.contains(entry.balanceAfter))
        entries.append(entry)
        state.note(entry)
        return entry.receipt
    }

    private mutating func takeBackEntries(from start: Int) {
        while entries.count > start { state.forget(entries.removeLast()) }
    }
}

extension Outcome {
    /// The same, without naming a transaction that was taken back.
    fileprivate func withoutTransactionID(in takenBack: Set<Int64>) -> Outcome {
        guard var receipt, let id = receipt.transactionID, takenBack.contains(id) else {
            return self
        }
        receipt.transactionID = nil
        // A transfer's other side was taken back with it.
        if let id = receipt.related?.transactionID, takenBack.contains(id) { receipt.related = nil }
        if case .replayed = self { return .replayed(receipt) }
        return .applied(receipt)
    }
}
