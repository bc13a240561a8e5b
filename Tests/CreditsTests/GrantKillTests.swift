import Ledger
import PrivatePostgres
import TestSupport
import Testing

/// The real program, killed as the kernel kills: a hundred days, each cut once at a point that is
/// drawn from a seed, in every phase of a day. A last process finishes them all.
struct GrantKillTests {
    @Test(arguments: 0..<4)
    func `kills in every phase of a day leave nobody out and double nobody`(
        quarter: Int
    ) async throws {
        try await withTestDatabase { (database: TestDatabase) in
            let scene = try await GrantKillScene(database)
            var random = SeededGenerator(seed: UInt64(quarter))
            var seen: [GrantKillScene.Trace: Int] = [:]
            let first = try #require(CalendarDay("2024-01-01"))
            for number in 0..<GrantKillScene.days {
                let day = CalendarDay(
                    daysSinceUnixEpoch: first.daysSinceUnixEpoch + Int32(number))
                let point = GrantKillScene.Point.drawn(number, using: &random)
                let trace = try await scene.kill(on: day, at: point)
                if let expected = point.trace { #expect(trace == expected, "\(day), \(point)") }
                seen[trace, default: 0] += 1
            }
            for phase: GrantKillScene.Trace in [.betweenChunks, .insideChunk, .beforeDone] {
                #expect(try #require(seen[phase]) >= GrantKillScene.days / 4)
            }

            try await scene.finishAll()
            try await scene.expectComplete()
        }
    }
}
