/// What a round of additions and deductions does to its users' balances, whatever these are.
///
/// Theory of operation: what such a write adds does not depend on the balance, and whether it
/// applies depends only on where the balance comes on the way. So the rules are asked on a stand-in
/// in the middle of what a balance may be, with room on both sides. The entries then tell each
/// user's way: its end, its lowest and its highest point, and so for which balances all of it
/// applies just like this. The database adds the end to a balance that is one of these, and what
/// the balance has become tells by how much the stand-in's answers are off. No rule stands here a
/// second time, and a test holds this against the rules themselves. Pure.
struct DeltaPlan: Sendable {
    /// The way of one user's balance through the round.
    struct Way: Sendable {
        let first: LedgerEntry
        fileprivate(set) var last: LedgerEntry
        private var lowest = DeltaPlan.standIn
        private var highest = DeltaPlan.standIn

        fileprivate init(_ entry: LedgerEntry) {
            (first, last) = (entry, entry)
        }

        fileprivate mutating func follow(_ entry: LedgerEntry) {
            last = entry
            lowest = min(lowest, entry.balanceAfter)
            highest = max(highest, entry.balanceAfter)
        }

        var user: UserID { first.user }

        /// What it adds up to.
        var amount: Int64 { last.balanceAfter - DeltaPlan.standIn }

        /// The balances that it leads through what a balance may be.
        var starts: ClosedRange<Int64> {
            let least = BalanceLimits.range.lowerBound + DeltaPlan.standIn - lowest
            let most = BalanceLimits.range.upperBound + DeltaPlan.standIn - highest
            return least...most
        }
    }

    /// A round moves less than half of what there is between the limits; one that does not is
    /// refused by the rules, and so goes another way.
    fileprivate static let standIn = BalanceLimits.range.upperBound / 2

    let moment: Timestamp
    /// What is to be written, by user, ascending.
    let ways: [Way]
    /// In the requests' order. Their balances are the stand-in's.
    let entries: [LedgerEntry]
    /// How much follows each entry on its user's way.
    let rests: [Int64]
    private let requests: [WriteRequest]
    private let decisions: [Decision]
    private let transactionIDs: [Int64]

    /// - Parameters:
    ///   - requests: see `WriteRequest.isDelta`.
    ///   - moment: of all entries.
    ///   - transactionIDs: ascending, one for each request.
    init(_ requests: [WriteRequest], moment: Timestamp, transactionIDs: [Int64]) {
        let balances = Dictionary(
            requests.map { ($0.user, Self.standIn) }, uniquingKeysWith: { first, _ in first })
        var rules = CreditRules(on: balances, moment: moment, transactionIDs: transactionIDs)
        decisions = requests.map { rules.decide($0) }
        var ways: [UserID: Way] = [:]
        for entry in rules.entries { ways[entry.user, default: Way(entry)].follow(entry) }
        let isWhole = rules.entries.count == requests.count
        if !isWhole {
            // A key that comes twice, say.
            for (request, decision) in zip(requests, decisions) where !decision.only.isApplied {
                ways[request.user] = nil
            }
        }
        entries = isWhole ? rules.entries : rules.entries.filter { ways[$0.user] != nil }
        rests = entries.map { entry in
            (ways[entry.user]?.last.balanceAfter ?? 0) - entry.balanceAfter
        }
        self.ways = ways.values.sorted { $0.user < $1.user }
        self.requests = requests
        self.moment = moment
        self.transactionIDs = transactionIDs
    }

    /// Whether nobody has more than one entry.
    var isSingle: Bool { entries.count == ways.count }

    /// The entries that have an idempotency key.
    var keyed: [LedgerEntry] { entries.filter { $0.idempotencyKey != nil } }

    /// The requests that lie on the way, in their order, and their answers for the stand-in.
    func requests(on way: Way) -> (places: [Int], decisions: [Decision]) {
        let places = requests.indices.filter { requests[$0].user == way.user }
        return (places, places.map { decisions[$0] })
    }

    // MARK: Answers

    /// What the database says of the balances of the round's users.
    struct Balances: Sendable {
        /// Of those that were written, after that.
        var written: [UserID: Int64] = [:]
        /// Of those that were not, as they are.
        var left: [UserID: Int64] = [:]
    }

    /// As many answers as requests; nil for one that has to go another way.
    func answers(on balances: Balances) -> [Decision?] {
        var differences: [UserID: Int64] = [:]
        differences.reserveCapacity(ways.count)
        for way in ways {
            guard let credits = balances.written[way.user] else { continue }
            differences[way.user] = credits - way.last.balanceAfter
        }
        let refusals = refusals(on: balances.left)
        return requests.indices.map { index in
            guard let difference = differences[requests[index].user] else {
                return refusals[index]
            }
            return decisions[index].shifted(by: difference)
        }
    }

    /// Who has to go another way.
    func users(without answers: [Decision?]) -> Set<UserID> {
        Set(zip(requests, answers).lazy.filter { $1 == nil }.map { $0.0.user })
    }

    /// The answers of users for whom all comes to nothing on the balances as they are: there is
    /// nothing to write. Under a key, though, an answer may stand in the ledger.
    private func refusals(on balances: [UserID: Int64]) -> [Int: Decision] {
        guard !balances.isEmpty else { return [:] }
        var rules = CreditRules(on: balances, moment: moment, transactionIDs: transactionIDs)
        var refusals: [Int: Decision] = [:]
        var open: Set<UserID> = []
        for (index, request) in requests.enumerated() where balances[request.user] != nil {
            let decision = rules.decide(request)
            refusals[index] = decision
            if decision.only.isApplied || request.commands[0].idempotencyKey != nil {
                open.insert(request.user)
            }
        }
        return refusals.filter { !open.contains(requests[$0.key].user) }
    }
}

extension WriteRequest {
    /// Whether it adds to one user's balance, or deducts from it, and nothing else.
    var isDelta: Bool {
        guard commands.count == 1, !isDryRun else { return false }
        return switch commands[0].change {
        case .add, .deduct: true
        case .reset, .transfer, .reversal: false
        }
    }

    /// - Precondition: Its commands are one user's.
    fileprivate var user: UserID { commands[0].user }
}

extension CreditRules {
    fileprivate init(on balances: [UserID: Int64], moment: Timestamp, transactionIDs: [Int64]) {
        let state = balances.mapValues {
            LedgerState.Balance(credits: $0, lastUpdated: moment, isStored: true)
        }
        self.init(
            state: LedgerState(balances: state, earlier: [:]), moment: moment,
            transactionIDs: transactionIDs)
    }
}

extension Decision {
    /// The same for a balance that was higher by so much.
    func shifted(by difference: Int64) -> Decision {
        guard difference != 0, case .judged(let outcomes) = self else { return self }
        return .judged(outcomes.map { $0.shifted(by: difference) })
    }
}

extension Outcome {
    fileprivate var isApplied: Bool {
        if case .applied = self { true } else { false }
    }

    fileprivate func shifted(by difference: Int64) -> Outcome {
        guard case .applied(let receipt) = self else { return self }
        return .applied(
            Receipt(
                user: receipt.user, credits: receipt.credits + difference,
                lastUpdated: receipt.lastUpdated, transactionID: receipt.transactionID,
                related: receipt.related))
    }
}
