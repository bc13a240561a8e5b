import Testing

@testable import Ledger

/// The size of chunks and the rests between them, without a database.
struct ChunkPaceTests {
    @Test func `chunks grow while they are quick, shrink when they are slow, within bounds`() {
        var pace = ChunkPace(limit: 2_000)
        for _ in 0..<20 { pace.took(.milliseconds(5), users: pace.size, othersAtWork: false) }
        #expect(pace.size == 2_000)
        pace.took(.milliseconds(40), users: 2_000, othersAtWork: false)
        #expect(pace.size == 1_000)
        pace.took(.milliseconds(20), users: 1_000, othersAtWork: false)
        #expect(pace.size == 1_000)
        for _ in 0..<20 { pace.took(.seconds(1), users: pace.size, othersAtWork: false) }
        #expect(pace.size == ChunkPace.smallest / 2 || pace.size == ChunkPace.smallest)
        // A day's last chunk is small, and says nothing about large ones.
        let before = pace.size
        pace.took(.milliseconds(1), users: 1, othersAtWork: false)
        #expect(pace.size == before)
    }

    @Test func `beside others chunks are short, and followed by as long a rest`() {
        var pace = ChunkPace(limit: 2_000)
        for _ in 0..<20 { pace.took(.milliseconds(10), users: pace.size, othersAtWork: false) }
        #expect(pace.size == 2_000 && pace.rest == .zero)
        pace.took(.milliseconds(20), users: 2_000, othersAtWork: true)
        #expect(pace.size == 1_000 && pace.rest == .milliseconds(20))
        pace.took(.milliseconds(5), users: 1_000, othersAtWork: true)
        #expect(pace.size == 500 && pace.rest == .milliseconds(5))
        pace.took(.milliseconds(3), users: 500, othersAtWork: true)
        #expect(pace.size == 500)
        // A chunk that waited itself says little of what it takes from others.
        pace.took(.seconds(1), users: 500, othersAtWork: true)
        #expect(pace.rest == ChunkPace.target)
        pace.took(.milliseconds(3), users: 250, othersAtWork: false)
        #expect(pace.size > 250 && pace.rest == .zero)
    }
}
