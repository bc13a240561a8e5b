import Reactor
import TestSupport
import Testing

@testable import Ledger

@Suite("Gathering")
struct GathererTests {
    @Test("a lone request is worked on at once, and what comes meanwhile is the next round")
    func gathers() async throws {
        try await withGatherer(batch: 10, queue: 10) { gatherer, rounds in
            async let first = gatherer.perform(1)
            await rounds.waitForRound(1)
            async let second = gatherer.perform(2)
            async let third = gatherer.perform(3)
            await waitUntilWaiting(2, in: gatherer)
            await rounds.finishAll()

            let answers = try await [first, second, third]
            #expect(answers == [10, 20, 30])
            #expect(await rounds.begun.map { $0.sorted() } == [[1], [2, 3]])
        }
    }

    @Test("a round takes no more than the batch's limit")
    func limitsRounds() async throws {
        try await withGatherer(batch: 2, queue: 10) { gatherer, rounds in
            async let first = gatherer.perform(9)
            await rounds.waitForRound(1)
            async let others = concurrently(5) { try await gatherer.perform($0) }
            await waitUntilWaiting(5, in: gatherer)
            await rounds.finishAll()

            let answers = try await [first] + others
            #expect(answers.sorted() == [0, 10, 20, 30, 40, 90])
            #expect(await rounds.begun.map(\.count) == [1, 2, 2, 1])
        }
    }

    @Test("a round takes requests up to the batch's weight, and one that is heavier alone")
    func weighsRequests() async throws {
        try await withGatherer(batch: 5, queue: 100, weigh: { $0 }) { gatherer, rounds in
            async let first = gatherer.perform(1)
            await rounds.waitForRound(1)
            let weights = [2, 3, 1, 9, 4, 1]
            var others: [Task<Int, any Error>] = []
            for (index, weight) in weights.enumerated() {
                others.append(Task { try await gatherer.perform(weight) })
                await waitUntilWaiting(index + 1, in: gatherer)
            }
            await rounds.finishAll()

            _ = try await first
            for (task, weight) in zip(others, weights) {
                #expect(try await task.value == weight * 10)
            }
            #expect(await rounds.begun == [[1], [2, 3], [1], [9], [4, 1]])
        }
    }

    @Test("a second round begins beside the first when as much waits as that has, and no third")
    func overlapsRounds() async throws {
        try await withGatherer(batch: 2, queue: 10, rounds: 2) { gatherer, rounds in
            var callers: [Task<Int, any Error>] = []
            for (request, round) in [(1, 1), (2, 2)] {
                callers.append(Task { try await gatherer.perform(request) })
                await rounds.waitForRound(round)
            }
            for count in 1...5 {
                callers.append(Task { try await gatherer.perform(2 + count) })
                await waitUntilWaiting(count, in: gatherer)
            }
            await rounds.finishAll()

            var answers: [Int] = []
            for caller in callers { answers.append(try await caller.value) }
            #expect(answers == [10, 20, 30, 40, 50, 60, 70])
            #expect(await rounds.begun.prefix(3) == [[1], [2], [3, 4]])
        }
    }

    @Test("less than the first round has waits for its end")
    func gathersBesideOneRound() async throws {
        try await withGatherer(batch: 9, queue: 20, weigh: { $0 }, rounds: 2) { gatherer, rounds in
            async let first = gatherer.perform(5)
            await rounds.waitForRound(1)
            async let second = gatherer.perform(4)
            await waitUntilWaiting(1, in: gatherer)
            async let third = gatherer.perform(1)
            await rounds.waitForRound(2)
            await rounds.finishAll()

            _ = try await [first, second, third]
            #expect(await rounds.begun == [[5], [4, 1]])
        }
    }

    @Test("a request from the gatherer's own executor waits in no task")
    func takesRequestsInPlace() async throws {
        try await withEventLoop { loop in
            let gatherer = TestGatherer(limits: .init(batch: 1, queue: 1), on: loop) { requests in
                requests.map { .success($0 * 10) }
            }
            let (results, seen) = AsyncStream.makeStream(of: Result<Int, LedgerError>.self)
            loop.execute {
                for request in 1...2 { gatherer.submit(request) { seen.yield($0) } }
                #expect(gatherer.waitingNow == 1)
            }
            let answers = await results.prefix(2).reduce(into: []) { $0.append($1) }
            #expect(answers == [.failure(.overloaded), .success(10)])
        }
    }

    @Test("answers are brought where the gatherer lives, however many there are")
    func bringsAnswersInPlace() async throws {
        try await withEventLoop { loop in
            let gatherer = TestGatherer(limits: .init(batch: 50, queue: 50), on: loop) { requests in
                requests.map { .success($0) }
            }
            let (places, seen) = AsyncStream.makeStream(of: Bool.self)
            loop.execute {
                for request in 0..<50 {
                    gatherer.submit(request) { _ in seen.yield(loop.isOnLoop) }
                }
            }
            for await isOnLoop in places.prefix(50) { #expect(isOnLoop) }
        }
    }

    @Test("beyond the queue's limit a request is refused at once, and the queued ones succeed")
    func limitsQueue() async throws {
        try await withGatherer(batch: 2, queue: 2) { gatherer, rounds in
            async let first = gatherer.perform(1)
            await rounds.waitForRound(1)
            async let queued = concurrently(2) { try await gatherer.perform($0) }
            await waitUntilWaiting(2, in: gatherer)

            await #expect(throws: LedgerError.overloaded) { try await gatherer.perform(9) }

            await rounds.finishAll()
            let answers = try await [first] + queued
            #expect(answers.count == 3)
        }
    }
}

private typealias TestGatherer = Gatherer<Int, Int>

/// Rounds that end when the test says so, and answer ten times the request.
private actor Rounds {
    private(set) var begun: [[Int]] = []
    private var isOpen = false
    private var waiters: [CheckedContinuation<Void, Never>] = []

    func work(_ requests: [Int]) async -> [Result<Int, LedgerError>] {
        begun.append(requests)
        wakeAll()
        while !isOpen { await change() }
        return requests.map { .success($0 * 10) }
    }

    func waitForRound(_ number: Int) async {
        while begun.count < number { await change() }
    }

    func finishAll() {
        isOpen = true
        wakeAll()
    }

    private func change() async {
        await withCheckedContinuation { waiters.append($0) }
    }

    private func wakeAll() {
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}

private func withGatherer(
    batch: Int, queue: Int, weigh: @escaping @Sendable (Int) -> Int = { _ in 1 },
    rounds count: Int = 1,
    _ body: (TestGatherer, Rounds) async throws -> Void
) async throws {
    try await withEventLoop { loop in
        let rounds = Rounds()
        let gatherer = TestGatherer(
            limits: .init(batch: batch, queue: queue, rounds: count), on: loop, weigh: weigh
        ) { await rounds.work($0) }
        try await body(gatherer, rounds)
    }
}

private func waitUntilWaiting(_ count: Int, in gatherer: TestGatherer) async {
    while gatherer.waitingCount < count { await Task.yield() }
}
