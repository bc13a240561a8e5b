import Ledger
import Logging
import Testing

@testable import credits

/// A clock that the test sets: what the machine shows, and the time that really passes.
private struct FakeClock {
    var time: Timestamp
    var instant = ContinuousClock.now

    init(_ text: String, _ hours: Int64 = 0, _ minutes: Int64 = 0) throws {
        let day = try #require(CalendarDay(text))
        time = day.start + (hours * 3600 + minutes * 60)
    }

    var day: CalendarDay { CalendarDay(of: time) }

    mutating func pass(_ duration: Duration) {
        instant += duration
        time = time + duration.components.seconds
    }
}

private func + (time: Timestamp, seconds: Int64) -> Timestamp {
    Timestamp(microsecondsSinceUnixEpoch: time.microsecondsSinceUnixEpoch + seconds * 1_000_000)
}

struct GrantScheduleTests {
    @Test func `the start asks, and then a settled day asks no more`() throws {
        var clock = try FakeClock("2026-11-22", 7)
        var schedule = GrantSchedule()
        #expect(schedule.isDue(at: clock.time, now: clock.instant))
        schedule.answered(databaseDay: clock.day, askedOn: clock.day, now: clock.instant)
        for _ in 0..<(16 * 60 + 59) {
            clock.pass(.seconds(60))
            #expect(!schedule.isDue(at: clock.time, now: clock.instant))
        }
        clock.pass(.seconds(60))
        #expect(clock.day.description == "2026-11-23")
        #expect(schedule.isDue(at: clock.time, now: clock.instant))
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
        let (old, new) = (try FakeClock(before, 12), try FakeClock(after, 12))
        var schedule = GrantSchedule()
        schedule.answered(databaseDay: old.day, askedOn: old.day, now: old.instant)
        #expect(schedule.isDue(at: new.time, now: old.instant), "\(what)")
    }

    @Test func `a moment that a schedule has within the day is a reason to ask, once`() throws {
        var clock = try FakeClock("2026-11-22", 6, 29)
        var schedule = GrantSchedule()
        schedule.answered(
            databaseDay: clock.day, next: clock.time + 50, askedOn: clock.day, now: clock.instant)
        #expect(!schedule.isDue(at: clock.time, now: clock.instant))
        #expect(schedule.pause(at: clock.time, now: clock.instant) == .seconds(50))
        clock.pass(.seconds(50))
        #expect(schedule.isDue(at: clock.time, now: clock.instant))
        schedule.answered(databaseDay: clock.day, askedOn: clock.day, now: clock.instant)
        #expect(!schedule.isDue(at: clock.time, now: clock.instant))
    }

    @Test func `a jump within the day is no reason to ask`() throws {
        let clock = try FakeClock("2026-11-22", 23)
        var schedule = GrantSchedule()
        schedule.answered(databaseDay: clock.day, askedOn: clock.day, now: clock.instant)
        #expect(!schedule.isDue(at: try FakeClock("2026-11-22", 1).time, now: clock.instant))
    }

    @Test func `a failure is tried again after 1, 2, 4 ... 60 seconds`() throws {
        var clock = try FakeClock("2026-11-22", 7)
        var schedule = GrantSchedule()
        for pause in [1, 2, 4, 8, 16, 32, 60, 60] {
            schedule.failed(now: clock.instant)
            clock.pass(.seconds(pause - 1))
            #expect(!schedule.isDue(at: clock.time, now: clock.instant))
            clock.pass(.seconds(1))
            #expect(schedule.isDue(at: clock.time, now: clock.instant))
        }
    }

    @Test func `a database whose day is behind ours is asked again until it follows`() throws {
        var clock = try FakeClock("2026-11-22", 0)
        let yesterday = try #require(CalendarDay("2026-11-21"))
        var schedule = GrantSchedule()
        schedule.answered(databaseDay: yesterday, askedOn: clock.day, now: clock.instant)
        #expect(!schedule.isDue(at: clock.time, now: clock.instant))
        clock.pass(.seconds(1))
        #expect(schedule.isDue(at: clock.time, now: clock.instant))
        schedule.answered(databaseDay: clock.day, askedOn: clock.day, now: clock.instant)
        clock.pass(.seconds(3600))
        #expect(!schedule.isDue(at: clock.time, now: clock.instant))
    }

    @Test(arguments: [
        (12, 0, Duration.seconds(60)), (23, 59, .seconds(60)), (0, 0, .seconds(60)),
    ])
    func `a wake comes at least once a minute`(
        hours: Int64, minutes: Int64, pause: Duration
    ) throws {
        let clock = try FakeClock("2026-11-22", hours, minutes)
        #expect(GrantSchedule().pause(at: clock.time, now: clock.instant) == pause)
    }

    @Test func `a wake comes at midnight, and at a retry`() throws {
        let clock = try FakeClock("2026-11-22", 23, 59)
        var schedule = GrantSchedule()
        let late = clock.time + 50
        #expect(schedule.pause(at: late, now: clock.instant) == .seconds(10))
        schedule.failed(now: clock.instant)
        #expect(schedule.pause(at: late, now: clock.instant) == .seconds(1))
        #expect(schedule.pause(at: late, now: clock.instant + .seconds(5)) == .milliseconds(1))
    }
}
