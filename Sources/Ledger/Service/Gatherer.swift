/// Answers many callers with one round of work.
///
/// Theory of operation: a request that finds the gatherer idle is worked on at once, alone. While a
/// round is under way, requests wait; when it ends, all that gathered (up to a limit) are the next
/// round. There is no timer: a lone caller waits for nobody, and under load one commit and a few
/// round trips serve hundreds. Rounds begin in the order in which the requests came, and unless
/// more than one may be under way they follow one another, so two requests of one gatherer never
/// race in the database. A request has a weight; the limits count weights, and one that is heavier
/// than a round may be has a round of its own.
///
/// The line is guarded by a lock: who joins it need not be where the work is done, and to be let in
/// by an actor, though on its own executor, costs two allocations and a search for who is running.
/// The rounds are the actor's, and what they call stays on its executor, so that no step of a round
/// waits for its turn.
actor Gatherer<Request: Sendable, Answer: Sendable> {
    /// One round: as many answers as requests, in their order.
    typealias Work = @Sendable ([Request]) async -> [Result<Answer, LedgerError>]

    /// A struct, and no tuple: a closure in a tuple is wrapped anew each time that the tuple moves.
    private struct Caller: Sendable {
        let request: Request
        let receive: Receiver<Result<Answer, LedgerError>>
    }

    private typealias Line = GatheringLine<Caller>

    private nonisolated let executor: any SerialExecutor & TaskExecutor
    private nonisolated let weigh: @Sendable (Request) -> Int
    private let work: Work
    private nonisolated let line: Guarded<Line>
    private let few: Int

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // Sound because the actor holds its executor for as long as it lives.
        unsafe executor.asUnownedSerialExecutor()
    }

    init(
        limits: GatheringLimits, on executor: any SerialExecutor & TaskExecutor,
        weigh: @escaping @Sendable (Request) -> Int = { _ in 1 }, work: @escaping Work
    ) {
        line = Guarded(Line(limits))
        few = limits.few
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

    /// The same without a task. The answer is brought on the gatherer's executor when the round has
    /// ended, or at once where too many wait already.
    nonisolated func submit(
        _ request: Request, then receive: @escaping Receiver<Result<Answer, LedgerError>>
    ) {
        let caller = Caller(request: request, receive: receive)
        let weight = weigh(request)
        switch line.with({ $0.join(caller, weight: weight) }) {
        case .refused: receive(.failure(.overloaded))
        case .waiting: break
        case .beginning: Task(executorPreference: executor) { await self.begin() }
        }
    }

    /// How many requests wait for the next rounds.
    nonisolated var waitingCount: Int { line.with { $0.count } }

    /// Their weight.
    nonisolated var waitingNow: Int { line.with { $0.waitingWeight } }

    private func begin() async {
        var next = line.with { $0.begin() }
        while let round = next {
            let answers = await work(round.elements.map(\.request))
            precondition(answers.count == round.elements.count, "a round answers each request")
            next = line.with { $0.end(round) }
            if next == nil || answers.count <= few {
                deliver(answers, to: round)
            } else {
                // The next round is on its way before the time is taken to write many answers.
                Task { deliver(answers, to: round) }
            }
        }
    }

    private func deliver(_ answers: [Result<Answer, LedgerError>], to round: Line.Round) {
        for (caller, answer) in zip(round.elements, answers) { caller.receive(answer) }
    }
}
