/// Which of the days that were missed, because nothing ran or the database was away, are granted
/// after all. Today is never missed, and a day that was begun is always finished.
package enum GrantCatchUp: Hashable, Sendable {
    case all
    /// So many days before today; 0 is none.
    case days(Int32)

    func skips(_ day: CalendarDay, today: CalendarDay) -> Bool {
        switch self {
        case .all: false
        case .days(let count): today.daysSinceUnixEpoch - day.daysSinceUnixEpoch > count
        }
    }
}
