import Testing

@testable import Ledger

/// What a round takes, and when one begins; each test is told as what happens to the line.
@Suite("The line before a round")
struct GatheringLineTests {
    @Test("a round that is to be begun is not begun twice, and takes who comes until then")
    func beginsOnce() throws {
        let line = Line(.init(batch: 100, queue: 100))
        #expect(line.join(1) == .beginning)
        #expect(line.join(2) == .waiting)
        #expect(line.begin()?.elements == [1, 2])
        #expect(line.begin() == nil)
    }

    @Test("who comes while a round is under way waits for its end")
    func waitsForTheEnd() throws {
        let line = Line(.init(batch: 100, queue: 100))
        line.fill(3)
        let first = try #require(line.begin())
        #expect(line.join(4) == .waiting)
        #expect(line.end(first)?.elements == [4])
    }

    @Test("beyond the queue's weight nobody joins, and what is refused leaves no trace")
    func refuses() {
        let line = Line(.init(batch: 100, queue: 5))
        _ = line.join(1, weight: 5)
        #expect(line.join(2) == .refused)
        #expect(line.count == 1)
        #expect(line.waitingWeight == 5)
    }

    @Test("of the last round and those who wait, the next round takes half, unless they are few")
    func takesHalf() throws {
        let rows: [(ended: Int, waiting: Int, taken: Int)] = [
            (1, 1, 1), (1, 8, 8), (1, 9, 8), (8, 8, 8), (10, 54, 32), (54, 10, 10), (32, 32, 32),
            (64, 64, 64), (1, 63, 32), (100, 300, 100),
        ]
        for row in rows {
            let line = Line(.init(batch: 100, queue: 1_000))
            _ = line.join(0, weight: row.ended)
            let round = try #require(line.begin())
            line.fill(row.waiting)
            #expect(line.end(round)?.elements.count == row.taken, "\(row)")
            #expect(line.count == row.waiting - row.taken)
        }
    }

    @Test("those who wait when no round is under way are two groups from the first")
    func dividesFromTheFirst() {
        let line = Line(.init(batch: 100, queue: 100))
        line.fill(64)
        #expect(line.begin()?.elements.count == 32)
    }

    /// All callers come back at once when they are answered, which is what keeps groups apart.
    @Test("groups of unequal size become equal", arguments: [1, 7, 20, 63])
    func becomesEqual(first: Int) throws {
        let line = Line(.init(batch: 512, queue: 1_000))
        _ = line.join(0, weight: first)
        var round = try #require(line.begin())
        line.fill(64 - first)
        for _ in 0..<8 {
            let next = try #require(line.end(round))
            line.fill(round.weight)
            round = next
        }
        #expect(abs(round.elements.count - 32) <= 1)
    }

    @Test("where one answer is everybody's, all share a round")
    func sharesOneAnswer() {
        let line = Line(.init(batch: 100, queue: 100, few: .max))
        line.fill(64)
        #expect(line.begin()?.elements.count == 64)
    }

    @Test("one that is heavier than a round may be has a round of its own")
    func lendsARoundToTheHeavy() throws {
        let line = Line(.init(batch: 10, queue: 100))
        _ = line.join(1, weight: 50)
        _ = line.join(2)
        let first = try #require(line.begin())
        #expect(first.elements == [1])
        #expect(line.end(first)?.elements == [2])
    }

    @Test("a round begins beside others when as much waits as they have, and they are light enough")
    func goesBeside() throws {
        let line = Line(.init(batch: 100, queue: 100, rounds: 2, besideAtMost: 4))
        line.fill(2)
        let light = try #require(line.begin())
        #expect(line.join(3) == .waiting)
        #expect(line.join(4) == .beginning)
        let beside = try #require(line.begin())
        line.fill(8)
        #expect(line.begin() == nil, "two are under way")
        let heavy = try #require(line.end(light))
        #expect(heavy.elements.count == 8)
        line.fill(20)
        #expect(line.end(beside) == nil, "what is under way is too heavy")
        #expect(line.end(heavy) != nil)
    }
}

/// The line as a reference, since an expectation changes no value.
private final class Line {
    private var line: GatheringLine<Int>

    init(_ limits: GatheringLimits) {
        line = GatheringLine(limits)
    }

    var count: Int { line.count }
    var waitingWeight: Int { line.waitingWeight }

    func join(_ element: Int, weight: Int = 1) -> GatheringLine<Int>.Place {
        line.join(element, weight: weight)
    }

    func fill(_ count: Int) {
        for element in 0..<count { _ = join(element) }
    }

    func begin() -> GatheringLine<Int>.Round? { line.begin() }

    func end(_ round: GatheringLine<Int>.Round) -> GatheringLine<Int>.Round? { line.end(round) }
}
