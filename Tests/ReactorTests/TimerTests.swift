import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10)))
struct TimerTests {
    @Test
    func `actions run in the order of their deadlines, and equal ones as scheduled`() async throws {
        try await withLoop { loop in
            let entries: [String] = await loop.result { done in
                let diary = Diary()
                for milliseconds in [9, 3, 6, 0, 3] {
                    _ = loop.schedule(after: .milliseconds(milliseconds)) {
                        diary.note("\(milliseconds)")
                    }
                }
                _ = loop.schedule(after: .milliseconds(12)) { done(diary.entries) }
            }
            #expect(entries == ["0", "3", "3", "6", "9"])
        }
    }

    @Test(arguments: [Duration.zero, .microseconds(300), .milliseconds(2), .milliseconds(30)])
    func `an action runs after its delay, not before`(delay: Duration) async throws {
        try await withLoop { loop in
            let started = ContinuousClock.now
            await loop.result { done in _ = loop.schedule(after: delay) { done(()) } }
            #expect(ContinuousClock.now - started >= delay)
        }
    }

    @Test
    func `a cancelled action does not run, even cancelled by one of the same moment`()
        async throws
    {
        try await withLoop { loop in
            let entries: [String] = await loop.result { done in
                let diary = Diary()
                var victim: ScheduledAction?
                _ = loop.schedule(after: .milliseconds(1)) {
                    diary.note("first")
                    victim?.cancel()
                    victim?.cancel()
                }
                victim = loop.schedule(after: .milliseconds(1)) { diary.note("victim") }
                _ = loop.schedule(after: .milliseconds(8)) { done(diary.entries) }
            }
            #expect(entries == ["first"])
        }
    }

    @Test
    func `an earlier action is not late because a later one was there first`() async throws {
        try await withLoop { loop in
            await loop.result { done in
                _ = loop.schedule(after: .seconds(3600)) {}
                done(())
            }
            // The loop may rest by now, its Dispatch timer set to an hour from here.
            await Task.yield()
            await loop.result { done in
                _ = loop.schedule(after: .milliseconds(5)) { done(()) }
            }
        }
    }

    @Test
    func `an action that schedules itself without a delay does not starve jobs`() async throws {
        try await withLoop { loop in
            let rounds: Int = await loop.result { done in
                let diary = Diary()
                func again() {
                    diary.note("")
                    if diary.entries.count < 1_000 {
                        _ = loop.schedule(after: .zero) { again() }
                    } else {
                        done(diary.entries.count)
                    }
                }
                again()
            }
            #expect(rounds == 1_000)
        }
    }

    @Test(arguments: [1, 7, 42])
    func `the heap agrees with sorting, whatever is cancelled`(seed: UInt64) {
        var random = SplitMix(state: seed)
        var heap = TimerHeap()
        let start = ContinuousClock.now
        var expected: [(deadline: Int, order: Int, action: ScheduledAction)] = []
        for order in 0..<500 {
            let deadline = Int.random(in: 0..<100, using: &random)
            let action = ScheduledAction(loop: nil, action: nil)
            heap.insert(action, at: start + .seconds(deadline))
            expected.append((deadline, order, action))
            if Int.random(in: 0..<3, using: &random) == 0 {
                let victim = expected.remove(at: .random(in: expected.indices, using: &random))
                heap.remove(victim.action)
                heap.remove(victim.action)
            }
        }
        expected.sort { ($0.deadline, $0.order) < ($1.deadline, $1.order) }
        #expect(heap.count == expected.count)
        for next in expected {
            #expect(heap.popDue(at: start + .seconds(next.deadline - 1)) === nil)
            #expect(heap.popDue(at: start + .seconds(next.deadline)) === next.action)
        }
        #expect(heap.earliestDeadline == nil)
    }
}

/// Random numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
