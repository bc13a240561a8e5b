import Testing

@testable import Ledger

/// Thousands of random histories, each run through the rules in batches and through a naive model
/// one command at a time: both must tell the same story.
@Suite("Ledger rules: random histories")
struct RandomHistoriesTests {
    @Test("batches have the outcomes of the same commands one by one", arguments: 0..<20)
    func agreesWithModel(block: UInt64) {
        for seed in (block * 100)..<(block * 100 + 100) {
            var random = SeededGenerator(seed: seed)
            let history = History.random(using: &random)
            guard let difference = history.firstDifference else { continue }
            let shortest = history.shrunk()
            Issue.record("seed \(seed): \(difference); shortest history: \(shortest.commands)")
        }
    }

    @Test("a wrong rule is found, and its history shrinks to the commands that matter")
    func shrinksFailures() {
        var random = SeededGenerator(seed: 1)
        var history = History.random(using: &random)
        history.modelForgetsResets = true
        history.commands.append(Command(user: ada, change: add(1)))
        history.commands.append(Command(user: ada, change: .reset))

        #expect(history.firstDifference != nil)
        #expect(history.shrunk().commands.count <= 2)
    }
}

/// Commands on three users (two exist), cut into batches.
private struct History {
    var commands: [Command]
    var batchSizes: [Int]
    /// Breaks the model on purpose, to see that a difference is noticed.
    var modelForgetsResets = false

    static func random(using random: inout SeededGenerator) -> History {
        let commands = (0..<Int.random(in: 1...40, using: &random)).map { _ in
            Command(
                user: userID(.random(in: 1...3, using: &random)),
                change: change(using: &random),
                idempotencyKey: Bool.random(using: &random)
                    ? nil : IdempotencyKey("key-\(Int.random(in: 1...6, using: &random))"))
        }
        let sizes = (0..<commands.count).map { _ in Int.random(in: 1...8, using: &random) }
        return History(commands: commands, batchSizes: sizes)
    }

    private static func change(using random: inout SeededGenerator) -> Change {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .reset
        case 1...4: deduct(.random(in: 1...30, using: &random))
        case 5: add(CreditAmount.range.upperBound)
        default: add(.random(in: 1...20, using: &random))
        }
    }

    /// The first command on which rules and model disagree, or what is wrong with the entries.
    var firstDifference: String? {
        var model = NaiveModel(forgetsResets: modelForgetsResets)
        let (outcomes, entries, balances) = runThroughRules()
        for (command, outcome) in zip(commands, outcomes) {
            let expected = model.apply(command)
            guard NaiveModel.Answer(outcome) == expected else {
                return "\(command): rules say \(outcome), the model \(expected)"
            }
        }
        guard balances == model.balances else { return "balances \(balances)" }
        return brokenChain(in: entries)
    }

    /// Drops commands as long as the difference stays.
    func shrunk() -> History {
        for index in commands.indices {
            var smaller = self
            smaller.commands.remove(at: index)
            if smaller.firstDifference != nil { return smaller.shrunk() }
        }
        return self
    }

    private func runThroughRules() -> ([Outcome], [LedgerEntry], [Int64: Int64]) {
        var state = LedgerState(
            balances: [
                userID(1): .init(
                    credits: NaiveModel.start[1] ?? 0, lastUpdated: noon, isStored: true),
                userID(2): .init(
                    credits: NaiveModel.start[2] ?? 0, lastUpdated: noon, isStored: true),
            ], earlier: [:])
        var outcomes: [Outcome] = []
        var entries: [LedgerEntry] = []
        var remaining = commands[...]
        var sizes = batchSizes.makeIterator()
        while !remaining.isEmpty {
            let batch = remaining.prefix(sizes.next() ?? 1)
            remaining = remaining.dropFirst(batch.count)
            let firstID = Int64(entries.count + 1)
            var rules = CreditRules(
                state: state, moment: noon,
                transactionIDs: Array(firstID..<firstID + Int64(batch.count)))
            outcomes += batch.map { rules.decide($0) }
            entries += rules.entries
            state = rules.state
        }
        let balances = state.balances.map { ($0.key.rawValue, $0.value.credits) }
        return (outcomes, entries, Dictionary(uniqueKeysWithValues: balances))
    }

    /// Each entry continues its user's balance, and stays within the limits.
    private func brokenChain(in entries: [LedgerEntry]) -> String? {
        var balances = NaiveModel.start
        for entry in entries {
            let before = balances[entry.user.rawValue] ?? 0
            guard before + entry.amount == entry.balanceAfter,
                BalanceLimits.range.contains(entry.balanceAfter)
            else { return "entry \(entry) does not follow \(before)" }
            balances[entry.user.rawValue] = entry.balanceAfter
        }
        return nil
    }
}

/// What the rules should do, said as plainly as possible: one dictionary of balances, one of keys.
private struct NaiveModel {
    /// Users 1 and 2 exist; user 2 stands just below the upper limit.
    static let start: [Int64: Int64] = [1: 10, 2: 9_007_199_254_740_991 - 15]

    enum Answer: Equatable {
        case moved(to: Int64), replayed(at: Int64), refused

        init(_ outcome: Outcome) {
            switch outcome {
            case .applied(let receipt): self = .moved(to: receipt.credits)
            case .replayed(let receipt): self = .replayed(at: receipt.credits)
            case .userNotFound, .keyReused, .insufficientCredits, .balanceLimitReached:
                self = .refused
            }
        }
    }

    var forgetsResets = false
    private(set) var balances = start
    private var keys: [String: (change: Change, balance: Int64)] = [:]

    init(forgetsResets: Bool) {
        self.forgetsResets = forgetsResets
    }

    mutating func apply(_ command: Command) -> Answer {
        guard let before = balances[command.user.rawValue] else { return .refused }
        let key = command.idempotencyKey.map { "\(command.user.rawValue) \($0.rawValue)" }
        if let key, let first = keys[key] {
            return first.change == command.change ? .replayed(at: first.balance) : .refused
        }
        let after =
            switch command.change {
            case .add(let amount): before + amount.rawValue
            case .deduct(let amount): before - amount.rawValue
            case .reset: forgetsResets ? before : 0
            }
        guard after >= 0, after <= 9_007_199_254_740_991 else { return .refused }
        balances[command.user.rawValue] = after
        if let key { keys[key] = (command.change, after) }
        return .moved(to: after)
    }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same history for the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
