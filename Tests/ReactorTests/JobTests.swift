import Dispatch
import Synchronization
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10)))
struct JobTests {
    private actor Collector {
        let loop: EventLoop
        private var last: [Int: Int] = [:]
        private(set) var outOfOrder = 0
        private(set) var count = 0

        nonisolated var unownedExecutor: UnownedSerialExecutor {
            loop.asUnownedSerialExecutor()
        }

        init(loop: EventLoop) { self.loop = loop }

        func take(_ number: Int, from thread: Int) {
            if number != last[thread, default: -1] + 1 { outOfOrder += 1 }
            last[thread] = number
            count += 1
        }
    }

    @Test
    func `jobs of many threads all run, and each thread's in its order`() async throws {
        try await withLoop { loop in
            let collector = Collector(loop: loop)
            await withTaskGroup { group in
                for thread in 0..<8 {
                    group.addTask {
                        for number in 0..<5_000 {
                            loop.execute {
                                collector.assumeIsolated { $0.take(number, from: thread) }
                            }
                        }
                    }
                }
            }
            // This call is a job too: it comes after all of them.
            #expect(await collector.count == 40_000)
            #expect(await collector.outOfOrder == 0)
        }
    }

    @Test
    func `a loop that sleeps between jobs is woken by each of them`() async throws {
        try await withLoop { loop in
            for number in 0..<300 {
                #expect(await loop.result { $0(number) } == number)
            }
        }
    }

    /// What wakes it costs the other thread a system call.
    @Test
    func `a loop that an event has woken need not be woken for a job`() async throws {
        try await withLoop { loop in
            let pair = try SocketPair()
            let mustWake = await loop.result { done in
                register(pair, on: loop) { registration in
                    registration.cancel()
                    let isPut = DispatchSemaphore(value: 0)
                    let mustWake = Atomic<Bool>(true)
                    DispatchQueue.global().async {
                        mustWake.store(loop.inbox.put(.work {}), ordering: .relaxed)
                        isPut.signal()
                    }
                    isPut.wait()
                    done(mustWake.load(ordering: .relaxed))
                }
                pair.sendByte()
            }
            #expect(!mustWake)
        }
    }

    /// Each volley's jobs come while the loop falls asleep, half of the volleys' while an event
    /// wakes it as well or is handled, and some about when it gives up lingering. A job left behind
    /// would stay there, and the test with it: nothing else happens until all have run.
    @Test
    func `no job is left behind, however it meets the loop's falling asleep and waking`()
        async throws
    {
        try await withLoop { loop in
            let pair = try SocketPair()
            await loop.result { done in
                register(pair, on: loop) { _ in pair.receiveByte() }
                done(())
            }
            let (volleys, producers) = (4_000, 6)
            let waiting = Atomic<Int>(0)
            for volley in 0..<volleys {
                if volley % 50 == 0 {
                    try await Task.sleep(
                        for: EventLoop.longestLinger + .microseconds(volley - volleys / 2))
                }
                waiting.store(producers, ordering: .relaxed)
                await withCheckedContinuation { continuation in
                    for producer in 0..<producers {
                        DispatchQueue.global().async {
                            if producer == volley % (2 * producers) { pair.sendByte() }
                            loop.execute {
                                let left = waiting.subtract(1, ordering: .relaxed).newValue
                                if left == 0 { continuation.resume() }
                            }
                        }
                    }
                }
            }
        }
    }

    @Test
    func `what a job holds is let go of when it has run, though others wait`() {
        final class Witness: Sendable {}
        var queue = JobQueue()
        weak var witness: Witness?
        do {
            let held = Witness()
            witness = held
            queue.append(.work { _ = held })
        }
        queue.append(.work {})
        #expect(witness != nil)
        if case .work(let work) = queue.popFirst() { work() }
        #expect(witness == nil)
        #expect(queue.count == 1)
    }

    @Test
    func `an actor on the loop runs its methods there`() async throws {
        try await withLoop { loop in
            let collector = Collector(loop: loop)
            await collector.take(0, from: 0)
            #expect(await collector.count == 1)
            let isOnLoop = await loop.result { done in
                collector.assumeIsolated { _ in done(loop.isOnLoop) }
            }
            #expect(isOnLoop)
            #expect(!loop.isOnLoop)
            #expect(loop.isIsolatingCurrentContext() == false)
        }
    }

    @Test
    func `a task on the loop stays there across its suspensions`() async throws {
        try await withLoop { loop in
            let sightings = await Task(executorPreference: loop) {
                var sightings = [loop.isOnLoop]
                await Task.yield()
                sightings.append(loop.isOnLoop)
                await MainActor.run { sightings.append(!loop.isOnLoop) }
                sightings.append(loop.isOnLoop)
                return sightings
            }.value
            #expect(sightings == [true, true, true, true])
        }
    }

    @Test
    func `two actors on one loop call each other without leaving it`() async throws {
        try await withLoop { loop in
            let (first, second) = (Collector(loop: loop), Collector(loop: loop))
            let task = Task(executorPreference: loop) {
                for number in 0..<1_000 {
                    await first.take(number, from: 0)
                    await second.take(number, from: 0)
                }
            }
            await task.value
            #expect(await first.count == 1_000)
            #expect(await second.outOfOrder == 0)
        }
    }

    @Test
    func `a job that gives the loop a job without end does not starve events and timers`()
        async throws
    {
        try await withLoop { loop in
            let pair = try SocketPair()
            let isOver = Atomic<Bool>(false)
            @Sendable func spin() {
                if !isOver.load(ordering: .relaxed) { loop.execute { spin() } }
            }
            loop.execute { spin() }
            await loop.result { done in
                register(pair, on: loop) { registration in
                    registration.cancel()
                    _ = loop.schedule(after: .milliseconds(2)) { done(()) }
                }
                pair.sendByte()
            }
            isOver.store(true, ordering: .relaxed)
        }
    }

    @Test
    func `after close the loop still runs jobs and tasks`() async throws {
        let loop = try EventLoop(label: "closed")
        let (started, gate) = AsyncStream.makeStream(of: Void.self)
        let task = Task(executorPreference: loop) {
            for await _ in started {}
            return loop.isOnLoop
        }
        loop.close()
        loop.close()
        gate.finish()
        #expect(await task.value)
        #expect(await loop.result { $0(loop.isOnLoop) })
    }
}
