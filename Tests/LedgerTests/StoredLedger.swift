@testable import Ledger

/// A ledger kept in an array, which gives the rules what the store gives them: of each batch's
/// users, keys and entries only what the batch names.
struct StoredLedger {
    private(set) var entries: [LedgerEntry] = []

    init(openedWith model: NaiveLedger) {
        for (number, line) in model.lines.enumerated() {
            entries.append(
                LedgerEntry(
                    user: userID(line.user), transactionID: NaiveLedger.id(ofLine: number),
                    kind: line.kind, amount: line.amount, balanceAfter: line.amount,
                    createdAt: noon, reason: nil, metadata: nil, idempotencyKey: nil))
        }
    }

    mutating func write(_ batch: [WriteRequest]) -> [Decision] {
        let commands = batch.flatMap(\.commands)
        let count = commands.reduce(0) { $0 + $1.entryCount }
        var rules = CreditRules(
            state: load(commands), moment: noon,
            transactionIDs: (entries.count..<entries.count + count).map(NaiveLedger.id(ofLine:)))
        let decisions = batch.map { rules.decide($0) }
        entries += rules.entries
        return decisions
    }

    private func load(_ commands: [Command]) -> LedgerState {
        var state = LedgerState(balances: [:], earlier: [:])
        for command in commands {
            for user in [command.user, command.recipient].compactMap({ $0 })
            where NaiveLedger.users.contains(user.rawValue) {
                state.balances[user] = balance(of: user)
            }
            if let key = command.idempotencyKey {
                state.earlier[.init(user: command.user, key: key)] = entries.first {
                    $0.user == command.user && $0.idempotencyKey == key
                }
            }
            if case .reversal(let id) = command.change {
                let reference = EntryReference(user: command.user, transactionID: id)
                state.reversed[reference] = entries.first { $0.reference == reference }
                state.reversals[reference] =
                    entries.first {
                        $0.kind == .reversal && $0.related == reference
                    }?.transactionID
            }
        }
        return state
    }

    private func balance(of user: UserID) -> LedgerState.Balance {
        let last = entries.last { $0.user == user }
        return .init(
            credits: last?.balanceAfter ?? 0, lastUpdated: noon, isStored: last != nil)
    }

    /// What the model has otherwise, or what is wrong in itself: ids that do not rise, entries that
    /// do not follow their user's balance, links that do not meet.
    func difference(from model: NaiveLedger) -> String? {
        guard entries.count == model.lines.count else {
            return "\(entries.count) entries, \(model.lines.count) lines"
        }
        var balances: [UserID: Int64] = [:]
        for (number, (entry, line)) in zip(entries, model.lines).enumerated() {
            let before = balances[entry.user] ?? 0
            let related = (line.undoes ?? line.counterpart).map { number in
                EntryReference(
                    user: userID(model.lines[number].user),
                    transactionID: NaiveLedger.id(ofLine: number))
            }
            guard entry.transactionID == NaiveLedger.id(ofLine: number),
                before + entry.amount == entry.balanceAfter,
                BalanceLimits.range.contains(entry.balanceAfter),
                entry.user.rawValue == line.user, entry.kind == line.kind,
                entry.amount == line.amount, entry.related == related
            else { return "entry \(entry) after \(before), where the model has \(line)" }
            balances[entry.user] = entry.balanceAfter
        }
        return nil
    }
}
