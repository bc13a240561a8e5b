/// What a round of plain writes comes to by what is known of their users, and what of it is to be
/// written. Pure: the rules decide, as for every other write.
struct OptimisticPlan: Sendable {
    /// As many as requests, in their order; they hold once the database has agreed.
    let decisions: [Decision]
    /// What to write, in order.
    let entries: [LedgerEntry]
    /// The last entry of each user that something is written of, ascending.
    let last: [LedgerEntry]
    /// Users of whom too little is known for an answer: nothing of theirs is written.
    let open: Set<UserID>
    /// How many of the transaction ids are used up.
    let idCount: Int
    /// Of each request.
    private let users: [UserID]

    /// - Parameters:
    ///   - requests: plain ones, see `WriteRequest.isPlain`.
    ///   - seen: the users whose balances were read after their requests had come. A refusal may
    ///     rest on these: it writes nothing that the database could compare.
    ///   - transactionIDs: ascending, one for each request, each above all that is known.
    init(
        _ requests: [WriteRequest], known: [UserID: KnownBalance], seen: Set<UserID>,
        moment: Timestamp, transactionIDs: [Int64]
    ) {
        var rules = CreditRules(
            state: LedgerState(balances: known.mapValues(\.balance), earlier: [:]),
            moment: moment, transactionIDs: transactionIDs)
        users = requests.map(\.commands[0].user)
        decisions = requests.map { rules.decide($0) }
        var open: Set<UserID> = []
        for (request, decision) in zip(requests, decisions) {
            let command = request.commands[0]
            // Under a key the answer may stand in the ledger, which comes before a refusal.
            let isSeen = command.idempotencyKey == nil && seen.contains(command.user)
            if !decision.only.isSettled(seen: isSeen) { open.insert(command.user) }
        }
        self.open = open
        entries = open.isEmpty ? rules.entries : rules.entries.filter { !open.contains($0.user) }
        last = rules.changedBalances.filter { !open.contains($0.user) }
        idCount = rules.entries.count
    }

    /// As many as requests, now that the database has changed the balances of these users; nil for
    /// a request that has to go another way.
    func answers(changed: Set<Int64>) -> [Decision?] {
        var stranded = open
        if changed.count < last.count {
            for entry in last where !changed.contains(entry.user.rawValue) {
                stranded.insert(entry.user)
            }
        }
        return zip(users, decisions).map { stranded.contains($0) ? nil : $1 }
    }

    /// The first entry of each user that something is written of, and the places of all of his
    /// requests, in their order.
    var writtenUsers: [(first: LedgerEntry, requests: [Int])] {
        let places = Dictionary(grouping: users.indices) { users[$0] }
        var seen: Set<UserID> = []
        return entries.compactMap { entry in
            guard seen.insert(entry.user).inserted, let requests = places[entry.user] else {
                return nil
            }
            return (entry, requests)
        }
    }
}

extension WriteRequest {
    /// Whether it moves one user's balance only, by what the balance is: such a write needs to know
    /// nothing else.
    var isPlain: Bool {
        guard commands.count == 1, !isDryRun else { return false }
        return switch commands[0].change {
        case .add, .deduct, .reset: true
        case .transfer, .reversal: false
        }
    }
}

extension Outcome {
    fileprivate func isSettled(seen: Bool) -> Bool {
        switch self {
        case .applied: true
        case .insufficientCredits, .balanceLimitReached: seen
        case .userNotFound, .keyReused, .replayed, .transferToSelf, .recipientNotFound,
            .transactionNotFound, .notReversible, .alreadyReversed, .recipientLimitReached:
            false
        }
    }
}
