import Synchronization

/// How far the daily grant is, as this process last saw it: told by the timer after each chunk, so
/// that nobody need ask the database.
package final class GrantGauges: Sendable {
    /// A day that was under way here, now or last.
    package struct Progress: Hashable, Sendable {
        package let day: CalendarDay
        package let granted: Int
        package let capped: Int
        package let isRunning: Bool
    }

    /// No day of any calendar.
    private static let none = Int.min

    private let settledDay = Atomic<Int>(none)
    private let day = Atomic<Int>(none)
    private let granted = Atomic<Int>(0)
    private let capped = Atomic<Int>(0)
    private let running = Atomic<Bool>(false)

    init() {}

    /// A chunk was granted, or the last of them.
    package func reached(_ day: CalendarDay, granted: Int64, capped: Int64, isDone: Bool) {
        self.granted.store(Int(granted), ordering: .relaxed)
        self.capped.store(Int(capped), ordering: .relaxed)
        self.day.store(Int(day.daysSinceUnixEpoch), ordering: .relaxed)
        running.store(!isDone, ordering: .relaxed)
    }

    /// Nothing is under way here any more, whether it ended well or not.
    package func stopped() {
        running.store(false, ordering: .relaxed)
    }

    /// Up to this day nothing is due.
    package func settled(_ day: CalendarDay) {
        settledDay.store(Int(day.daysSinceUnixEpoch), ordering: .relaxed)
    }

    /// nil until the database was asked.
    package var lastSettledDay: CalendarDay? { Self.day(settledDay.load(ordering: .relaxed)) }

    /// nil until a day was begun here.
    package var progress: Progress? {
        Self.day(day.load(ordering: .relaxed)).map {
            Progress(
                day: $0, granted: granted.load(ordering: .relaxed),
                capped: capped.load(ordering: .relaxed),
                isRunning: running.load(ordering: .relaxed))
        }
    }

    private static func day(_ number: Int) -> CalendarDay? {
        Int32(exactly: number).map(CalendarDay.init(daysSinceUnixEpoch:))
    }
}
