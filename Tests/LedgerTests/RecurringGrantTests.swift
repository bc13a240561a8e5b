import Testing

@testable import Ledger

/// Rules of the calendar, without a database.
struct RecurringGrantTests {
    struct Row: Sendable {
        let cadence: RecurringGrant.Cadence
        var hour: Int64 = 0
        var active: (from: String, to: String?) = ("1970-01-01", nil)
        let first: String
        let now: (day: String, hour: Int64)
        let due: [String]
    }

    static let rows: [Row] = [
        // Midnights: the year's end, and the day whose midnight it is.
        Row(
            cadence: .daily, first: "2025-12-30", now: ("2026-01-01", 0),
            due: ["2025-12-30", "2025-12-31", "2026-01-01"]),
        // The leap day, in leap years only.
        Row(
            cadence: .daily, first: "2024-02-28", now: ("2024-03-01", 9),
            due: ["2024-02-28", "2024-02-29", "2024-03-01"]),
        Row(
            cadence: .daily, first: "2026-02-28", now: ("2026-03-01", 9),
            due: ["2026-02-28", "2026-03-01"]),
        // A time of day that is still to come.
        Row(
            cadence: .daily, hour: 18, first: "2026-11-21", now: ("2026-11-22", 17),
            due: ["2026-11-21"]),
        Row(
            cadence: .daily, hour: 18, first: "2026-11-22", now: ("2026-11-22", 18),
            due: ["2026-11-22"]),
        // Mondays and Sundays over a year's end.
        Row(
            cadence: .weekly(weekday: 1), first: "2025-12-20", now: ("2026-01-06", 0),
            due: ["2025-12-22", "2025-12-29", "2026-01-05"]),
        Row(
            cadence: .weekly(weekday: 7), first: "2026-11-22", now: ("2026-11-29", 0),
            due: ["2026-11-22", "2026-11-29"]),
        // The last day where the month is shorter.
        Row(
            cadence: .monthly(day: 31), first: "2026-01-01", now: ("2026-05-01", 0),
            due: ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]),
        Row(
            cadence: .monthly(day: 30), first: "2024-01-31", now: ("2024-03-30", 0),
            due: ["2024-02-29", "2024-03-30"]),
        Row(
            cadence: .monthly(day: 1), first: "2025-12-01", now: ("2026-01-01", 0),
            due: ["2025-12-01", "2026-01-01"]),
        // From and to, both included.
        Row(
            cadence: .daily, active: ("2026-11-20", "2026-11-21"), first: "2026-01-01",
            now: ("2026-11-30", 0), due: ["2026-11-20", "2026-11-21"]),
        Row(
            cadence: .daily, active: ("2026-12-01", nil), first: "2026-01-01",
            now: ("2026-11-30", 0), due: []),
    ]

    @Test(arguments: rows.indices)
    func `the days that are due are those of the calendar whose moment has come`(
        index: Int
    ) throws {
        let row = Self.rows[index]
        let schedule = RecurringGrant(
            name: "a", amount: 1, cadence: row.cadence,
            microsecondsAfterMidnight: row.hour * 3_600_000_000,
            activeFrom: try calendarDay(row.active.from),
            activeTo: try row.active.to.map(calendarDay))
        let now = try calendarDay(row.now.day).at(hour: row.now.hour)
        let due = schedule.daysDue(from: try calendarDay(row.first), at: now)
        #expect(due.map(\.description) == row.due)
    }

    @Test func `a month's day falls on one day of each month, for four hundred years`() throws {
        for wanted in [1, 28, 29, 30, 31] as [Int32] {
            let schedule = RecurringGrant(
                name: "a", amount: 1, cadence: .monthly(day: wanted), microsecondsAfterMidnight: 0,
                activeFrom: try calendarDay("2000-01-01"), activeTo: nil)
            let days = schedule.daysDue(
                from: try calendarDay("2000-01-01"), at: try calendarDay("2399-12-31").start)
            #expect(days.count == 4800)
        }
    }

    @Test(arguments: [
        (GrantCatchUp.all, 1000, false), (.days(0), 0, false), (.days(0), 1, true),
        (.days(2), 2, false), (.days(2), 3, true), (.days(2), -1, false),
    ])
    func `missed days are skipped beyond those that are made up`(
        catchUp: GrantCatchUp, daysAgo: Int32, isSkipped: Bool
    ) throws {
        let today = try calendarDay("2026-03-01")
        #expect(catchUp.skips(today.adding(-daysAgo), today: today) == isSkipped)
    }
}
