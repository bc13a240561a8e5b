import Testing

@testable import Ledger

/// The size of chunks and the rests between them, without a database.
struct ChunkPaceTests {
    private let nobody = RoundTimes.Reading()

    @Test func `chunks grow while they are quick, shrink when they are slow, within bounds`() {
        var pace = ChunkPace(limit: 2_000, writes: nobody)
        for _ in 0..<20 { pace.took(.milliseconds(5), of: pace.size) }
        #expect(pace.size == 2_000)
        pace.took(.milliseconds(40), of: 2_000)
        #expect(pace.size == 1_000)
        pace.took(.milliseconds(20), of: 1_000)
        #expect(pace.size == 1_000)
        for _ in 0..<20 { pace.took(.seconds(1), of: pace.size) }
        #expect(pace.size == ChunkPace.smallest)
        // A day's last chunk is small, and says nothing about large ones.
        let before = pace.size
        pace.took(.milliseconds(1), of: 1)
        #expect(pace.size == before)
    }

    @Test func `beside others chunks are short, and the grant works for its share of the time`() {
        var pace = ChunkPace(limit: 2_000, writes: nobody)
        for _ in 0..<20 { pace.took(.milliseconds(10), of: pace.size) }
        #expect(pace.size == 2_000 && pace.rest == .zero)
        pace.took(.milliseconds(20), of: 2_000, othersAtWork: true)
        #expect(pace.size == 1_000 && pace.rest == Self.rest(after: .milliseconds(10)))
        for _ in 0..<20 { pace.took(.milliseconds(9), of: pace.size, othersAtWork: true) }
        #expect(pace.size == ChunkPace.smallest)
        pace.took(.milliseconds(3), of: pace.size, othersAtWork: true)
        #expect(pace.rest == Self.rest(after: .milliseconds(3)))
        // A chunk that waited itself says little of what it takes from others.
        pace.took(.seconds(1), of: pace.size, othersAtWork: true)
        #expect(pace.rest == Self.rest(after: ChunkPace.longestBusy))
        pace.took(.milliseconds(3), of: pace.size)
        #expect(pace.rest == .zero)
    }

    @Test func `writes between two chunks are others at work, if none is at the chunk's end`() {
        var pace = ChunkPace(limit: 2_000, writes: .init(rounds: 7))
        pace.took(.milliseconds(20), of: 500, writes: .init(rounds: 7))
        #expect(pace.rest == .zero)
        pace.took(.milliseconds(20), of: 500, writes: .init(rounds: 8, microseconds: 900))
        #expect(pace.size == 250 && pace.rest == Self.rest(after: .milliseconds(10)))
        pace.looked(for: .milliseconds(5), writes: .init(rounds: 8, microseconds: 900))
        #expect(pace.rest == Self.rest(after: .milliseconds(5)))
    }

    /// Writes that are slower and slower, and chunks that take longest: a day's end is known.
    @Test func `a million users take a quarter of an hour at most, where chunks take 30 ms`() {
        var pace = ChunkPace(limit: 2_000, writes: nobody)
        var writes = RoundTimes.Reading()
        for look in 1...100 {
            writes.rounds += 100
            writes.microseconds += 100_000 * look * look
            writes.late += 1
            pace.took(.milliseconds(30), of: pace.size, writes: writes)
        }
        #expect(pace.rest == ChunkPace.longestBusy * (1 / GrantShare.least - 1))
        let chunks = 1_000_000 / pace.size
        #expect((.milliseconds(30) + pace.rest) * chunks <= .seconds(15 * 60))
    }

    private static func rest(after time: Duration) -> Duration {
        time * (1 / GrantShare.unseen - 1)
    }
}

extension ChunkPace {
    fileprivate mutating func took(
        _ time: Duration, of users: Int, othersAtWork: Bool = false,
        writes: RoundTimes.Reading = .init()
    ) {
        took(time, users: users, othersAtWork: othersAtWork, writes: writes)
    }
}
