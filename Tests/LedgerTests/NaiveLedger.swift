@testable import Ledger

/// What the rules should do, said as plainly as possible and in another way: a list of lines, in
/// which everything is looked up by going through it, and of which a copy is thrown away where a
/// request must leave no trace.
struct NaiveLedger {
    /// A rule that is broken on purpose, to see that a difference is noticed.
    enum Flaw: CaseIterable {
        case resetsMoveNothing, refusedRequestsStay, dryRunsStay, keysAreForgotten
        case reversesTwice, reversesTransfers, transfersArriveNowhere, recipientsHaveNoLimit
    }

    struct Line {
        let user: Int64
        let kind: EntryKind
        let amount: Int64
        /// What was asked, where it was asked under a key.
        var asked: Command?
        /// The number of the line that it undoes.
        var undoes: Int?
        /// The number of a transfer's other line.
        var counterpart: Int?
    }

    /// User 2 stands just below the upper limit, and user 3 has never had credits.
    static let users: ClosedRange<Int64> = 1...3
    var lines = [
        Line(user: 1, kind: .opening, amount: 10),
        Line(user: 2, kind: .opening, amount: 9_007_199_254_740_991 - 15),
    ]
    var flaw: Flaw?

    /// Transaction ids have gaps.
    static func id(ofLine number: Int) -> Int64 { 10 + 3 * Int64(number) }

    func balance(of user: Int64, atLine last: Int? = nil) -> Int64 {
        lines.prefix((last ?? lines.count - 1) + 1)
            .reduce(0) { $1.user == user ? $0 + $1.amount : $0 }
    }

    mutating func perform(_ request: WriteRequest) -> Story {
        var tried = self
        var told: [String] = []
        for (index, command) in request.commands.enumerated() {
            let (isDone, sentence) = tried.perform(command, isDryRun: request.isDryRun)
            guard isDone || !request.isAllOrNone else {
                if flaw == .refusedRequestsStay { self = tried }
                return Story(sentences: ["command \(index) \(sentence)"])
            }
            told.append(sentence)
        }
        if !request.isDryRun || flaw == .dryRunsStay { self = tried }
        return Story(sentences: told)
    }

    private mutating func perform(
        _ command: Command, isDryRun: Bool
    ) -> (isDone: Bool, String) {
        let user = command.user.rawValue
        guard Self.users.contains(user) else { return (false, "no user") }
        if let number = lines.firstIndex(where: { line in
            command.idempotencyKey != nil && line.user == user
                && line.asked?.idempotencyKey == command.idempotencyKey
        }), flaw != .keysAreForgotten {
            guard lines[number].asked == command else { return (false, "reused key") }
            return (true, "again \(balance(of: user, atLine: number))")
        }
        let amount: Int64
        switch command.change {
        case .add(let number): amount = number.rawValue
        case .deduct(let number): amount = -number.rawValue
        case .reset: amount = flaw == .resetsMoveNothing ? 0 : -balance(of: user)
        case .transfer(let number, let to): return transfer(number.rawValue, to.rawValue, command)
        case .reversal(let id): return reverse(id, command)
        }
        return add(amount, command)
    }

    private mutating func add(
        _ amount: Int64, _ command: Command, undoes: Int? = nil
    ) -> (isDone: Bool, String) {
        let before = balance(of: command.user.rawValue)
        if before + amount < 0 { return (false, "only \(before) for \(-amount)") }
        if before + amount > 9_007_199_254_740_991 {
            return (false, "room for \(9_007_199_254_740_991 - before) of \(amount)")
        }
        lines.append(
            Line(
                user: command.user.rawValue, kind: command.change.kind, amount: amount,
                asked: command, undoes: undoes))
        return (true, "now \(before + amount)")
    }

    private mutating func transfer(
        _ amount: Int64, _ recipient: Int64, _ command: Command
    ) -> (isDone: Bool, String) {
        let sender = command.user.rawValue
        guard recipient != sender else { return (false, "to self") }
        guard Self.users.contains(recipient) else { return (false, "no recipient") }
        let (mine, theirs) = (balance(of: sender), balance(of: recipient))
        if mine < amount { return (false, "only \(mine) for \(amount)") }
        if theirs + amount > 9_007_199_254_740_991, flaw != .recipientsHaveNoLimit {
            return (false, "recipient's room for \(9_007_199_254_740_991 - theirs) of \(amount)")
        }
        lines.append(
            Line(
                user: sender, kind: .transferOut, amount: -amount, asked: command,
                counterpart: lines.count + 1))
        lines.append(
            Line(
                user: recipient, kind: .transferIn,
                amount: flaw == .transfersArriveNowhere ? 0 : amount, counterpart: lines.count - 1))
        return (true, "now \(mine - amount)")
    }

    private mutating func reverse(_ id: Int64, _ command: Command) -> (isDone: Bool, String) {
        guard let number = lines.indices.first(where: { Self.id(ofLine: $0) == id }),
            lines[number].user == command.user.rawValue
        else { return (false, "no such entry") }
        let kind = lines[number].kind
        if [.transferIn, .transferOut, .reversal].contains(kind), flaw != .reversesTransfers {
            return (false, "irreversible \(kind)")
        }
        if let reversal = lines.firstIndex(where: { $0.undoes == number }), flaw != .reversesTwice {
            return (false, "already by \(Self.id(ofLine: reversal))")
        }
        return add(-lines[number].amount, command, undoes: number)
    }
}

/// What became of a request, told so that rules and model can be compared.
struct Story: Equatable, CustomStringConvertible {
    let sentences: [String]

    var description: String { sentences.joined(separator: ", ") }

    init(sentences: [String]) {
        self.sentences = sentences
    }

    init(_ decision: Decision) {
        switch decision {
        case .judged(let outcomes): sentences = outcomes.map(Self.sentence)
        case .refused(let outcome, let index):
            sentences = ["command \(index) \(Self.sentence(outcome))"]
        }
    }

    private static func sentence(_ outcome: Outcome) -> String {
        switch outcome {
        case .userNotFound: "no user"
        case .keyReused: "reused key"
        case .replayed(let receipt): "again \(receipt.credits)"
        case .transferToSelf: "to self"
        case .recipientNotFound: "no recipient"
        case .transactionNotFound: "no such entry"
        case .notReversible(let kind): "irreversible \(kind)"
        case .alreadyReversed(let id): "already by \(id)"
        case .insufficientCredits(let available, let requested):
            "only \(available) for \(requested)"
        case .balanceLimitReached(let room, let requested): "room for \(room) of \(requested)"
        case .recipientLimitReached(let room, let requested):
            "recipient's room for \(room) of \(requested)"
        case .applied(let receipt): "now \(receipt.credits)"
        }
    }
}
