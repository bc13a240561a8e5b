/// A day's grant as `daily_grants` holds it.
package struct DailyGrant: Hashable, Sendable {
    package let day: CalendarDay
    /// Credits for each user.
    package let amount: Int64
    package let isDone: Bool
    /// Users who existed at the day's midnight and whom the grant has reached; `granted` of them
    /// got the whole amount, `capped` less of it, because their balance met the upper limit.
    package let eligible: Int64
    package let granted: Int64
    package let capped: Int64
}

package enum GrantOutcome: Hashable, Sendable {
    case done(DailyGrant)
    /// The day's midnight is still to come by the database's clock.
    case notYet(today: CalendarDay)
}
