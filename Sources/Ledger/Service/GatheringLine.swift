/// What a gatherer takes at once; all by weight.
struct GatheringLimits: Sendable {
    /// A round's weight. Heavier ones hold row locks longer and gain little.
    var batch: Int
    /// What may wait, by weight. More than this would wait longer than clients do.
    var queue: Int
    /// How many rounds may be under way at once. One begins beside others when as much waits as
    /// they have: a few callers need not wait for each other, and many still share a round.
    var rounds = 1
    /// What those under way may weigh for one to begin beside them.
    var besideAtMost = Int.max

    /// So few share a round as they come: its own cost is more than what they would wait for it.
    /// Where one answer is everybody's, any number is few.
    var few = 8
}

/// Who waits for a round, and when the next one begins: what a gatherer decides, without what it
/// does. Pure.
///
/// Theory of operation: callers who have been answered come back, and so many of them are two
/// groups in turn: one is with the database while the other is answered and heard. Groups would
/// stay as chance has made them, 54 and 10 of 64 say, or all in one, and then one side has nothing
/// to do while the other works. So of the last round and those who wait, the next round takes no
/// more than half, and after a few rounds the groups are equal.
struct GatheringLine<Element: Sendable>: Sendable {
    struct Round: Sendable {
        let elements: [Element]
        let weight: Int
    }

    enum Place: Sendable {
        /// Too many wait already.
        case refused
        case waiting
        /// A round is to be begun, which will have all that comes until then.
        case beginning
    }

    private let limits: GatheringLimits
    private var waiting: [(element: Element, weight: Int)] = []
    private(set) var waitingWeight = 0
    private var underWay = (rounds: 0, weight: 0)
    private var isBeginning = false

    init(_ limits: GatheringLimits) {
        precondition(limits.batch > 0 && limits.queue > 0)
        self.limits = limits
    }

    var count: Int { waiting.count }

    mutating func join(_ element: Element, weight: Int) -> Place {
        guard waitingWeight < limits.queue else { return .refused }
        waiting.append((element, weight))
        waitingWeight += weight
        guard !isBeginning, mayBegin else { return .waiting }
        isBeginning = true
        return .beginning
    }

    /// The round that was to be begun; nil where others have taken those who waited.
    mutating func begin() -> Round? {
        isBeginning = false
        return next()
    }

    /// - Returns: The round that follows it.
    mutating func end(_ round: Round) -> Round? {
        underWay = (underWay.rounds - 1, underWay.weight - round.weight)
        return next(after: round.weight)
    }

    private var mayBegin: Bool {
        guard !waiting.isEmpty, underWay.rounds < limits.rounds else { return false }
        guard underWay.rounds > 0 else { return true }
        return waitingWeight >= underWay.weight && underWay.weight <= limits.besideAtMost
    }

    private mutating func next(after ended: Int = 0) -> Round? {
        guard mayBegin else { return nil }
        let half = (ended + waitingWeight + 1) / 2
        let most = min(limits.batch, max(half, limits.few))
        var (count, weight) = (0, 0)
        for (_, more) in waiting {
            guard count == 0 || weight + more <= most else { break }
            count += 1
            weight += more
        }
        let round = Round(elements: waiting.prefix(count).map(\.element), weight: weight)
        waiting.removeFirst(count)
        waitingWeight -= weight
        underWay = (underWay.rounds + 1, underWay.weight + weight)
        return round
    }
}
