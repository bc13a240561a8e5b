import Testing

@testable import Ledger

/// How much of the time a grant takes beside writes, by what these take: no clock, no database.
struct GrantShareTests {
    /// Writes as they are seen by a grant: a look's rounds at a time.
    private struct Writes {
        private(set) var share = GrantShare(since: RoundTimes.Reading())
        private var reading = RoundTimes.Reading()

        mutating func took(_ milliseconds: Double, rounds: Int = GrantShare.roundsALook) {
            let times = RoundTimes()
            for _ in 0..<rounds { times.record(.microseconds(Int(milliseconds * 1_000))) }
            reading.rounds += times.reading.rounds
            reading.microseconds += times.reading.microseconds
            reading.late += times.reading.late
            share.look(at: reading)
        }
    }

    @Test func `what nobody sees is left at a share between the bounds`() {
        var share = GrantShare(since: RoundTimes.Reading())
        for _ in 0..<100 { share.look(at: RoundTimes.Reading()) }
        #expect(share.value == GrantShare.unseen)
        #expect(GrantShare.least < GrantShare.unseen && GrantShare.unseen < GrantShare.most)
    }

    @Test func `it grows while writes are as quick as usual, up to the most`() {
        var writes = Writes()
        for _ in 0..<3 { writes.took(2) }
        #expect(writes.share.value == GrantShare.unseen + 3 * GrantShare.step)
        for look in 0..<100 { writes.took(look % 2 == 0 ? 1.8 : 2.3) }
        #expect(writes.share.value == GrantShare.most)
    }

    @Test func `writes that are markedly slower send it to the least, and it grows again`() {
        var writes = Writes()
        for _ in 0..<100 { writes.took(2) }
        writes.took(4)
        #expect(writes.share.value == GrantShare.least)
        writes.took(2)
        #expect(writes.share.value == GrantShare.least + GrantShare.step)
    }

    @Test func `one late write does so at once, others wait until a look is complete`() {
        var writes = Writes()
        for _ in 0..<100 { writes.took(2) }
        writes.took(20, rounds: GrantShare.roundsALook - 1)
        #expect(writes.share.value == GrantShare.most)
        writes.took(26, rounds: 1)
        #expect(writes.share.value == GrantShare.least)
    }

    @Test func `where every write is as slow as that, none is late`() {
        var writes = Writes()
        for _ in 0..<100 { writes.took(30) }
        #expect(writes.share.value == GrantShare.most)
    }

    @Test func `traffic that has become heavier is what is usual, after a while`() {
        var writes = Writes()
        for _ in 0..<100 { writes.took(2) }
        for _ in 0..<10 { writes.took(8) }
        #expect(writes.share.value == GrantShare.least)
        for _ in 0..<1_000 { writes.took(8) }
        #expect(writes.share.value == GrantShare.most)
        // And lighter traffic at once: what was usual then is slow now.
        for _ in 0..<10 { writes.took(2) }
        writes.took(8)
        #expect(writes.share.value == GrantShare.least)
    }

    /// Rounds that grow with the share: the grant must not take its own weight for what is usual.
    @Test(arguments: [0.5, 2, 5, 20])
    func `its own pressure stays within what is tolerated`(weight: Double) {
        var writes = Writes()
        var times: [Double] = []
        for _ in 0..<10_000 {
            let time = 2 * (1 + weight * writes.share.value)
            times.append(time)
            writes.took(min(time, 24))
        }
        let undisturbed = 2 * (1 + weight * GrantShare.least)
        let settled = times.suffix(5_000)
        let mean = settled.reduce(0, +) / Double(settled.count)
        #expect(mean < undisturbed * GrantShare.tolerated)
    }
}
