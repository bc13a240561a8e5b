import Ledger
import Logging
import ServiceLifecycle
import Synchronization
import Testing

@testable import credits

/// Seconds since a midnight, set by the test; and how often the database was asked.
private final class World: Sendable {
    private let seconds = Atomic<Int64>(0)
    private let asked = Atomic<Int>(0)
    private let midnight: Timestamp
    private let origin = ContinuousClock.now

    init(midnight day: String) throws {
        midnight = try #require(CalendarDay(day)).start
    }

    var time: Timestamp {
        Timestamp(
            microsecondsSinceUnixEpoch: midnight.microsecondsSinceUnixEpoch
                + seconds.load(ordering: .relaxed) * 1_000_000)
    }

    var clock: GrantTimer.Clock {
        GrantTimer.Clock(
            time: { self.time },
            instant: { self.origin + .seconds(self.seconds.load(ordering: .relaxed)) })
    }

    var questions: Int { asked.load(ordering: .relaxed) }
    func set(_ second: Int64) { seconds.store(second, ordering: .relaxed) }
    func ask() -> Int { asked.wrappingAdd(1, ordering: .relaxed).newValue }
}

struct GrantTimerTests {
    private struct DatabaseAway: Error {}

    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `a wake asks once a day, and again after a failure`() async throws {
        let world = try World(midnight: "2026-11-22")
        let timer = GrantTimer(clock: world.clock, logger: logger) {
            guard world.ask() != 2 else { throw DatabaseAway() }
            return .init(day: CalendarDay(of: world.time), next: nil)
        }
        var schedule = GrantSchedule()
        let expectations: [(second: Int64, questions: Int)] = [
            (0, 1), (60, 1), (86_399, 1), (86_400, 2), (86_400, 2), (86_401, 3), (86_460, 3),
        ]
        for (second, expected) in expectations {
            world.set(second)
            await timer.wokeUp(&schedule)
            #expect(world.questions == expected, "at \(second) s")
        }
    }

    @Test func `the service asks at once, and ends with the graceful shutdown`() async throws {
        let world = try World(midnight: "2026-11-22")
        let (asked, ask) = AsyncStream.makeStream(of: Void.self)
        let timer = GrantTimer(clock: world.clock, logger: logger) {
            _ = world.ask()
            ask.yield()
            return .init(day: CalendarDay(of: world.time), next: nil)
        }
        let group = ServiceGroup(services: [timer], logger: logger)
        async let run: Void = group.run()
        for await _ in asked { break }
        await group.triggerGracefulShutdown()
        try await run
        #expect(world.questions == 1)
    }
}
