/// A day's grant as `daily_grants` holds it.
package struct DailyGrant: Hashable, Sendable {
    package enum Status: String, Hashable, Sendable, CaseIterable {
        /// Due, and not begun.
        case pending
        case running
        case done
        /// Missed, and by GRANT_CATCH_UP not made up.
        case skipped
    }

    package let schedule: String
    package let day: CalendarDay
    /// Who was created before it gets the grant.
    package let dueAt: Timestamp
    /// Credits for each user.
    package let amount: Int64
    package let status: Status
    /// Users who existed at the day's moment and whom the grant has reached; `granted` of them
    /// got the whole amount, `capped` less of it, because their balance met the upper limit.
    package let eligible: Int64
    package let granted: Int64
    package let capped: Int64
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?

    package var isDone: Bool { status == .done }
    /// Whether it is of the schedule that everybody has, and no further one.
    package var isOfDailySchedule: Bool { schedule == RecurringGrant.daily }
}

/// A day of a schedule: what `daily_grants` has a row for.
struct GrantOccurrence: Hashable, Sendable {
    let schedule: String
    let day: CalendarDay
}

package enum GrantOutcome: Hashable, Sendable {
    case done(DailyGrant)
    /// The day's midnight is still to come by the database's clock.
    case notYet(today: CalendarDay)
    /// The daily grant has no amount, and the day was not begun while it had one.
    case turnedOff
}
