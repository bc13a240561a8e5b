import Testing

@testable import Ledger

/// What a writer by difference knows ahead: ids and the time.
@Suite("What is drawn ahead")
struct DeltaDrawTests {
    private let start = ContinuousClock.now

    @Test func `the database's clock goes on between its answers, for a minute`() {
        var clock = DatabaseClock(noon, at: start)
        #expect(clock.next(at: start + .milliseconds(1_500)) == noon.later(by: 1_500_000))
        #expect(clock.next(at: start + .seconds(60)) == nil)
    }

    @Test func `what it tells ascends, even where no time has passed or it was set back`() {
        var clock = DatabaseClock(noon, at: start)
        #expect(clock.next(at: start) == noon)
        #expect(clock.next(at: start) == noon.later(by: 1))
        clock.hear(noon.later(by: -3_600_000_000), at: start + .seconds(2))
        #expect(clock.next(at: start + .seconds(2)) == noon.later(by: 2))
    }

    @Test func `of a second's answers the quickest counts, and then a newer one`() {
        var clock = DatabaseClock(noon, at: start)
        // Said at 10 ms, and 4 ms on its way.
        clock.hear(noon.later(by: 10_000), at: start + .milliseconds(14))
        #expect(clock.next(at: start + .milliseconds(14)) == noon.later(by: 14_000))
        clock.hear(noon.later(by: 21_000), at: start + .milliseconds(20))
        #expect(clock.next(at: start + .milliseconds(21)) == noon.later(by: 22_000))
        clock.hear(noon.later(by: 2_000_000), at: start + .milliseconds(2_004))
        #expect(clock.next(at: start + .milliseconds(2_005)) == noon.later(by: 2_001_000))
    }

    @Test func `ids are taken in their order, and too few are none`() {
        var ids = DrawnIDs()
        ids.add([4, 5, 6])
        ids.add([])
        ids.add([2, 3])
        #expect(ids.take(2, for: [asking(ada)]) == [2, 3])
        #expect(ids.take(4, for: [asking(ada)]) == nil)
        #expect(ids.take(3, for: [asking(ada)]) == [4, 5, 6])
        #expect(ids.count == 0)
    }

    @Test func `a later round has later ids, whenever they arrive`() {
        var ids = DrawnIDs()
        ids.add([1, 2, 5, 6])
        ids.use([3, 4])
        #expect(ids.take(1, for: [asking(ada)]) == [5])
        ids.add([4, 5])
        #expect(ids.take(1, for: [asking(ada)]) == [6])
    }

    @Test func `who has a later entry gets none, until there are later ones`() {
        var ids = DrawnIDs()
        ids.add([4, 5, 6])
        ids.note(9, of: ada)
        ids.note(3, of: grace)
        #expect(ids.take(1, for: [asking(grace)]) == [4])
        #expect(ids.take(1, for: [asking(grace), asking(ada)]) == nil)
        #expect(ids.count == 0, "or she would have to wait until others had used them up")
        ids.add([10, 11])
        #expect(ids.take(1, for: [asking(ada)]) == [10])
        ids.note(12, of: ada)
        ids.add([13])
        #expect(ids.take(1, for: [asking(grace)]) == [11])
        ids.add([14])
        #expect(ids.take(1, for: [asking(ada)]) == [13])
    }

    private func asking(_ user: UserID) -> WriteRequest {
        WriteRequest(Command(user: user, change: add(1)))
    }
}
