/// A row of `grant_schedules`: which days have a grant, from which moment on, and of how much.
struct RecurringGrant: Hashable, Sendable {
    enum Cadence: Hashable, Sendable {
        case daily
        /// 1 is Monday, 7 Sunday (ISO 8601).
        case weekly(weekday: Int32)
        /// The last day where the month is shorter.
        case monthly(day: Int32)
    }

    /// The schedule that DAILY_GRANT_AMOUNT is the amount of.
    static let daily = "daily"

    let name: String
    let amount: Int64
    let cadence: Cadence
    /// UTC, within the day.
    let microsecondsAfterMidnight: Int64
    let activeFrom: CalendarDay
    /// The last day; nil for no end.
    let activeTo: CalendarDay?

    /// The days whose moment has come, from a first one on, oldest first.
    func daysDue(from first: CalendarDay, at now: Timestamp) -> [CalendarDay] {
        let today = CalendarDay(of: now)
        let start = max(first, activeFrom)
        let end = min(today, activeTo ?? today)
        guard start <= end else { return [] }
        return (start.daysSinceUnixEpoch...end.daysSinceUnixEpoch)
            .map(CalendarDay.init(daysSinceUnixEpoch:))
            .filter { falls(on: $0) && moment(of: $0) <= now }
    }

    /// Today's moment, if it is still to come.
    func momentLaterToday(than now: Timestamp) -> Timestamp? {
        let today = CalendarDay(of: now)
        let isActive = activeFrom <= today && today <= activeTo ?? today
        let moment = moment(of: today)
        return isActive && falls(on: today) && moment > now ? moment : nil
    }

    func moment(of day: CalendarDay) -> Timestamp {
        Timestamp(
            microsecondsSinceUnixEpoch: day.start.microsecondsSinceUnixEpoch
                + microsecondsAfterMidnight)
    }

    private func falls(on day: CalendarDay) -> Bool {
        switch cadence {
        case .daily: return true
        case .weekly(let weekday): return day.weekday == weekday
        case .monthly(let wanted):
            let found = day.civilDate.day
            let isMonthsLast = day.next.civilDate.day == 1
            return found == wanted || found < wanted && isMonthsLast
        }
    }
}

extension CalendarDay {
    /// 1 is Monday, 7 Sunday; the Unix epoch was a Thursday.
    var weekday: Int32 {
        let sinceMonday = (daysSinceUnixEpoch + 3) % 7
        return (sinceMonday < 0 ? sinceMonday + 7 : sinceMonday) + 1
    }
}
