import Synchronization

/// Answers many callers with one round of work.
///
/// Theory of operation: a request that finds the gatherer idle is worked on at once, alone. While a
/// round is under way, requests wait; when it ends, all that gathered (up to a limit) are the next
/// round. There is no timer: a lone caller waits for nobody, and under load one commit and a few
/// round trips serve hundreds. Rounds begin in the order in which the requests came, and unless
/// more than one may be under way they follow one another, so two requests of one gatherer never
/// race in the database. A request has a weight; the limits count weights, and one that is heavier
/// than a round may be has a round of its own.
actor Gatherer<Request: Sendable, Answer: Sendable> {
    /// One round: as many answers as requests, in their order.
    typealias Work = @Sendable ([Request]) async -> [Result<Answer, LedgerError>]

    struct Limits: Sendable {
        /// A round's weight. Heavier ones hold row locks longer and gain little.
        var batch: Int
        /// What may wait, by weight. More than this would wait longer than clients do.
        var queue: Int
        /// How many rounds may be under way at once. One begins beside others when as much waits as
        /// they have: a few callers need not wait for each other, and many still share a round.
        var rounds = 1
        /// What those under way may weigh for one to begin beside them.
        var besideAtMost = Int.max
    }

    nonisolated let executor: any SerialExecutor & TaskExecutor
    private let limits: Limits
    private let weigh: @Sendable (Request) -> Int
    private let work: Work
    private var waiting: [Entry] = []
    private var waitingWeight = 0 {
        didSet { shownWeight.store(waitingWeight, ordering: .relaxed) }
    }
    private nonisolated let shownWeight = Atomic<Int>(0)
    private var underWay = (rounds: 0, weight: 0)
    /// A round is about to begin, with all that comes until then.
    private var isBeginning = false

    private typealias Entry = (request: Request, receive: Receiver<Result<Answer, LedgerError>>)

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Sound because the actor holds its executor for as long as it lives.
        unsafe executor.asUnownedSerialExecutor()
    }

    init(
        limits: Limits, on executor: any SerialExecutor & TaskExecutor,
        weigh: @escaping @Sendable (Request) -> Int = { _ in 1 }, work: @escaping Work
    ) {
        precondition(limits.batch > 0 && limits.queue > 0)
        self.limits = limits
        self.executor = executor
        self.weigh = weigh
        self.work = work
    }

    /// Waits for the request's round and returns its answer.
    ///
    /// A caller that is cancelled still gets its answer: a write that is under way cannot be taken
    /// back.
    nonisolated func perform(_ request: Request) async throws(LedgerError) -> Answer {
        try await awaited { submit(request, then: $0) }.get()
    }

    /// The same without a task. The answer is brought on the gatherer's executor: when the round
    /// has ended, or at once where too many wait already.
    nonisolated func submit(
        _ request: Request, then receive: @escaping Receiver<Result<Answer, LedgerError>>
    ) {
        guard executor.isIsolatingCurrentContext() == true else {
            Task(executorPreference: executor) { await self.add(request, receive) }
            return
        }
        assumeIsolated { $0.add(request, receive) }
    }

    private func add(
        _ request: Request, _ receive: @escaping Receiver<Result<Answer, LedgerError>>
    ) {
        guard waitingWeight < limits.queue else { return receive(.failure(.overloaded)) }
        waiting.append((request, receive))
        waitingWeight += weigh(request)
        beginIfWorthwhile()
    }

    /// How many requests wait for the next rounds.
    var waitingCount: Int { waiting.count }

    /// Their weight, to be read from anywhere.
    nonisolated var waitingNow: Int { shownWeight.load(ordering: .relaxed) }

    private var mayBegin: Bool {
        guard !waiting.isEmpty, underWay.rounds < limits.rounds else { return false }
        guard underWay.rounds > 0 else { return true }
        return waitingWeight >= underWay.weight && underWay.weight <= limits.besideAtMost
    }

    private func beginIfWorthwhile() {
        guard !isBeginning, mayBegin else { return }
        isBeginning = true
        // The work too runs where the gatherer lives, so that no step of a round changes threads.
        Task(executorPreference: executor) { await self.workWhileWorthwhile() }
    }

    private func workWhileWorthwhile() async {
        isBeginning = false
        while mayBegin {
            let (round, weight) = takeRound()
            underWay = (underWay.rounds + 1, underWay.weight + weight)
            let answers = await work(round.map(\.request))
            underWay = (underWay.rounds - 1, underWay.weight - weight)
            precondition(answers.count == round.count, "a round answers each of its requests")
            // The next round is on its way before this one's answers take the time to be written.
            guard mayBegin else { return Self.deliver(answers, to: round) }
            Task(executorPreference: executor) { Self.deliver(answers, to: round) }
        }
    }

    private static func deliver(_ answers: [Result<Answer, LedgerError>], to round: [Entry]) {
        for (entry, answer) in zip(round, answers) { entry.receive(answer) }
    }

    private func takeRound() -> (round: [Entry], weight: Int) {
        var weight = 0
        var count = 0
        for entry in waiting {
            let more = weigh(entry.request)
            guard count == 0 || weight + more <= limits.batch else { break }
            weight += more
            count += 1
        }
        let round = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        waitingWeight -= weight
        return (round, weight)
    }
}
