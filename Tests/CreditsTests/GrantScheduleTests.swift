import Ledger
import Testing

@testable import credits

/// A schedule beside a clock that the test sets: what the machine shows, and the time that really
/// passes.
private struct ScheduleScene {
    private(set) var time: Timestamp
    private var instant = ContinuousClock.now
    private var schedule = GrantSchedule()

    init(_ day: String, _ hours: Int64 = 0, _ minutes: Int64 = 0) throws {
        time = try #require(CalendarDay(day)).start + (hours * 3600 + minutes * 60)
    }

    var day: CalendarDay { CalendarDay(of: time) }
    var isDue: Bool { schedule.isDue(at: time, now: instant) }
    var pause: Duration { schedule.pause(at: time, now: instant) }

    mutating func pass(seconds: Int64) {
        instant += .seconds(seconds)
        time = time + seconds
    }

    /// The machine's clock is set, and no time passes.
    mutating func set(_ day: String, _ hours: Int64) throws {
        time = try ScheduleScene(day, hours).time
    }

    /// - Parameter day: the database's; nil where it shows the same as the machine.
    mutating func answered(_ day: CalendarDay? = nil, next: Timestamp? = nil) {
        schedule.answered(
            databaseDay: day ?? self.day, next: next, askedOn: self.day, now: instant)
    }

    mutating func failed() { schedule.failed(now: instant) }
}

private func + (time: Timestamp, seconds: Int64) -> Timestamp {
    Timestamp(microsecondsSinceUnixEpoch: time.microsecondsSinceUnixEpoch + seconds * 1_000_000)
}

struct GrantScheduleTests {
    @Test func `the start asks, and then a settled day asks no more`() throws {
        var scene = try ScheduleScene("2026-11-22", 7)
        #expect(scene.isDue)
        scene.answered()
        for _ in 0..<(16 * 60 + 59) {
            scene.pass(seconds: 60)
            #expect(!scene.isDue)
        }
        scene.pass(seconds: 60)
        #expect(scene.day.description == "2026-11-23")
        #expect(scene.isDue)
    }

    @Test func `a database whose clock is ahead is looked at each minute until it is set right`()
        throws
    {
        var scene = try ScheduleScene("2026-11-22", 23, 30)
        for _ in 0..<5 {
            #expect(scene.isDue)
            scene.answered(scene.day.next)
            scene.pass(seconds: 59)
            #expect(!scene.isDue)
            scene.pass(seconds: 1)
        }
        scene.answered()
        scene.pass(seconds: 600)
        #expect(!scene.isDue)
    }

    @Test(arguments: [
        ("2026-11-22", "2026-11-23", "over midnight in sleep"),
        ("2026-11-22", "2026-12-24", "a month forward"),
        ("1970-01-01", "2026-11-22", "set right after a start without a clock"),
        ("2026-11-22", "2026-11-20", "set back"),
    ])
    func `a clock that shows another day is a reason to ask`(
        before: String, after: String, what: String
    ) throws {
        var scene = try ScheduleScene(before, 12)
        scene.answered()
        try scene.set(after, 12)
        #expect(scene.isDue, "\(what)")
    }

    @Test func `a moment that a schedule has within the day is a reason to ask, once`() throws {
        var scene = try ScheduleScene("2026-11-22", 6, 29)
        scene.answered(next: scene.time + 50)
        #expect(!scene.isDue)
        #expect(scene.pause == .seconds(50))
        scene.pass(seconds: 50)
        #expect(scene.isDue)
        scene.answered()
        #expect(!scene.isDue)
    }

    @Test func `a jump within the day is no reason to ask`() throws {
        var scene = try ScheduleScene("2026-11-22", 23)
        scene.answered()
        try scene.set("2026-11-22", 1)
        #expect(!scene.isDue)
    }

    @Test func `a failure is tried again after 1, 2, 4 ... 60 seconds`() throws {
        var scene = try ScheduleScene("2026-11-22", 7)
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] as [Int64] {
            scene.failed()
            scene.pass(seconds: pause - 1)
            #expect(!scene.isDue)
            scene.pass(seconds: 1)
            #expect(scene.isDue)
        }
    }

    @Test func `a database whose day is behind ours is asked again until it follows`() throws {
        var scene = try ScheduleScene("2026-11-22")
        scene.answered(CalendarDay("2026-11-21"))
        #expect(!scene.isDue)
        scene.pass(seconds: 1)
        #expect(scene.isDue)
        scene.answered()
        scene.pass(seconds: 3600)
        #expect(!scene.isDue)
    }

    @Test(arguments: [(12, 0), (23, 59), (0, 0)])
    func `a wake comes at least once a minute`(hours: Int64, minutes: Int64) throws {
        #expect(try ScheduleScene("2026-11-22", hours, minutes).pause == .seconds(60))
    }

    @Test func `a wake comes at midnight, and at a retry`() throws {
        var scene = try ScheduleScene("2026-11-22", 23, 59)
        scene.pass(seconds: 50)
        #expect(scene.pause == .seconds(10))
        scene.failed()
        #expect(scene.pause == .seconds(1))
        scene.pass(seconds: 5)
        #expect(scene.pause == .milliseconds(1))
    }
}
