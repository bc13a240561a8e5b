import TestSupport

@testable import Ledger

/// Requests of three users (and one who does not exist), cut into batches.
struct RandomHistory: CustomStringConvertible {
    var requests: [WriteRequest]
    var batchSizes: [Int]

    init(using random: inout SeededGenerator) {
        requests = (0..<Int.random(in: 1...30, using: &random)).map { _ in
            let isGroup = Int.random(in: 0..<4, using: &random) == 0
            let commands = (0..<(isGroup ? Int.random(in: 2...5, using: &random) : 1)).map { _ in
                Self.command(using: &random)
            }
            return WriteRequest(
                commands, isAllOrNone: Bool.random(using: &random),
                isDryRun: Int.random(in: 0..<8, using: &random) == 0)
        }
        batchSizes = requests.map { _ in Int.random(in: 1...8, using: &random) }
    }

    private static func command(using random: inout SeededGenerator) -> Command {
        Command(
            user: userID(.random(in: 1...4, using: &random)), change: change(using: &random),
            idempotencyKey: Bool.random(using: &random)
                ? nil : key("key-\(Int.random(in: 1...6, using: &random))"))
    }

    private static func change(using random: inout SeededGenerator) -> Change {
        switch Int.random(in: 0..<16, using: &random) {
        case 0: .reset
        case 1...4: deduct(.random(in: 1...30, using: &random))
        case 5: add(CreditAmount.range.upperBound)
        case 6...8:
            LedgerTests.transfer(
                .random(in: 1...25, using: &random),
                to: userID(.random(in: 1...4, using: &random)))
        case 9...12: .reversal(of: NaiveLedger.id(ofLine: .random(in: 0...8, using: &random)))
        default: add(.random(in: 1...20, using: &random))
        }
    }

    /// The first request on which rules and model disagree, or what is wrong with the entries.
    func firstDifference(from model: NaiveLedger) -> String? {
        var model = model
        var stored = StoredLedger(openedWith: model)
        var remaining = requests[...]
        var sizes = batchSizes.makeIterator()
        while !remaining.isEmpty {
            let batch = Array(remaining.prefix(sizes.next() ?? 1))
            remaining = remaining.dropFirst(batch.count)
            let decisions = stored.write(batch)
            for (request, decision) in zip(batch, decisions) {
                let expected = model.perform(request)
                guard Story(decision) == expected else {
                    return "\(request.shortened): rules say \(Story(decision)), "
                        + "the model says \(expected)"
                }
            }
        }
        return stored.difference(from: model)
    }

    /// Drops requests, commands and dry runs as long as the difference stays.
    func shrunk(_ model: NaiveLedger) -> RandomHistory {
        var smallest = self
        while let smaller = smallest.smaller.first(where: { candidate in
            candidate.firstDifference(from: model) != nil
        }) {
            smallest = smaller
        }
        return smallest
    }

    /// Every history that lacks one thing of this one.
    private var smaller: [RandomHistory] {
        requests.indices.flatMap { index -> [RandomHistory] in
            let request = requests[index]
            var removals = [with { $0.requests.remove(at: index) }]
            if request.commands.count > 1 {
                removals += request.commands.indices.map { place in
                    with { $0.requests[index] = request.without(place) }
                }
            }
            // Without the lines of what was removed, those after it have lower ids.
            let candidates = removals.flatMap { removal in
                (0...2).map { removal.loweringReversals(by: $0, from: index) }
            }
            guard request.isDryRun else { return candidates }
            let real = WriteRequest(request.commands, isAllOrNone: request.isAllOrNone)
            return candidates + [with { $0.requests[index] = real }]
        }
    }

    private func loweringReversals(by lines: Int, from index: Int) -> RandomHistory {
        with { history in
            for later in index..<history.requests.count {
                history.requests[later] = history.requests[later].loweringReversals(by: lines)
            }
        }
    }

    private func with(_ change: (inout RandomHistory) -> Void) -> RandomHistory {
        var copy = self
        change(&copy)
        return copy
    }

    var description: String {
        requests.map(\.shortened).joined(separator: "; ")
    }
}

extension WriteRequest {
    fileprivate func without(_ place: Int) -> WriteRequest {
        var commands = commands
        commands.remove(at: place)
        return WriteRequest(commands, isAllOrNone: isAllOrNone, isDryRun: isDryRun)
    }

    /// The same, with each reversal of a line as one of an earlier line.
    fileprivate func loweringReversals(by lines: Int) -> WriteRequest {
        let step = NaiveLedger.id(ofLine: lines) - NaiveLedger.id(ofLine: 0)
        let commands = commands.map { command -> Command in
            guard case .reversal(let id) = command.change else { return command }
            return Command(
                user: command.user, change: .reversal(of: id - step),
                idempotencyKey: command.idempotencyKey)
        }
        return WriteRequest(commands, isAllOrNone: isAllOrNone, isDryRun: isDryRun)
    }

    var shortened: String {
        let mode = (isDryRun ? ["dry"] : []) + (commands.count > 1 && isAllOrNone ? ["all"] : [])
        return (mode + ["(\(commands.map(\.shortened).joined(separator: ", ")))"])
            .joined(separator: " ")
    }
}

extension Command {
    fileprivate var shortened: String {
        let key = idempotencyKey.map { " [\($0.rawValue)]" } ?? ""
        return "user \(user.rawValue) \(change.shortened)\(key)"
    }
}

extension Change {
    fileprivate var shortened: String {
        switch self {
        case .add(let amount): "add \(amount.rawValue)"
        case .deduct(let amount): "deduct \(amount.rawValue)"
        case .reset: "reset"
        case .transfer(let amount, let to): "transfer \(amount.rawValue) to \(to.rawValue)"
        case .reversal(let id): "reverse \(id)"
        }
    }
}
