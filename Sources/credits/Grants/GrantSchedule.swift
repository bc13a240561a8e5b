import Ledger

/// When the grant timer wakes, and when a wake is a reason to ask the database.
///
/// Theory of operation. Days are granted by the database's clock; this machine's clock only decides
/// when it is worth asking, so that a database that sleeps when idle is not woken each minute. A
/// wake comes at the next midnight UTC, and at least once a minute, because a timer knows nothing
/// of a clock that was set or a machine that slept. A wake asks when
///
/// - nothing has been asked yet (the start), or the day is not that of the last settled question:
///   after midnight, after sleep, and after a jump of the clock in either direction; or
/// - the moment has come that the last answer named: a schedule with a time of day of its own; or
/// - the last question is not settled: it failed, or the database's day was still behind ours
///   (its clock is late). Then it is put again with growing pauses; or
/// - the database's day was after ours (its clock is ahead), a minute ago: where that is set right
///   before midnight, the day that was granted too early has to be taken for open again.
///
/// Asking too often is harmless: a day is granted once, whatever the schedule does.
struct GrantSchedule: Sendable {
    /// The day of this machine's clock at which the last settled question was put.
    private var settledDay: CalendarDay?
    /// Unsettled questions in a row, and when the next may be put, on the clock that never jumps.
    private var unsettled = 0
    private var retryAt: ContinuousClock.Instant?

    /// The next moment of a schedule, where that is before midnight.
    private var next: Timestamp?
    /// When to look at a clock again that was ahead.
    private var lookAgainAt: ContinuousClock.Instant?

    static let longestPause = Duration.seconds(60)
    private static let longestRetryPause = Duration.seconds(60)

    /// Whether to ask now.
    func isDue(at time: Timestamp, now: ContinuousClock.Instant) -> Bool {
        if let retryAt { return now >= retryAt }
        if let next, time >= next { return true }
        if let lookAgainAt, now >= lookAgainAt { return true }
        return settledDay != CalendarDay(of: time)
    }

    /// The database answered that its day is `databaseDay`, every day up to it is granted, and
    /// `next` is the next moment of a schedule, where that is still on this day.
    mutating func answered(
        databaseDay: CalendarDay, next: Timestamp? = nil, askedOn today: CalendarDay,
        now: ContinuousClock.Instant
    ) {
        guard databaseDay >= today else { return postpone(now) }
        settledDay = today
        self.next = next
        lookAgainAt = databaseDay > today ? now + Self.longestPause : nil
        unsettled = 0
        retryAt = nil
    }

    /// The question was not answered.
    mutating func failed(now: ContinuousClock.Instant) { postpone(now) }

    /// How long to sleep: until midnight, until the retry, and never longer than a minute.
    func pause(at time: Timestamp, now: ContinuousClock.Instant) -> Duration {
        let midnight = CalendarDay(of: time).next.start
        let untilMidnight = Duration.microseconds(
            midnight.microsecondsSinceUnixEpoch - time.microsecondsSinceUnixEpoch)
        let untilRetry = retryAt.map { max(.milliseconds(1), $0 - now) } ?? Self.longestPause
        // A clock before the database's asks early, and then every second.
        let untilNext = next.map { next in
            let distance = Duration.microseconds(
                next.microsecondsSinceUnixEpoch - time.microsecondsSinceUnixEpoch)
            return max(Duration.seconds(1), distance)
        }
        return min(
            untilMidnight, untilRetry, untilNext ?? Self.longestPause, Self.longestPause)
    }

    /// 1 s, 2 s, 4 s ... a minute.
    private mutating func postpone(_ now: ContinuousClock.Instant) {
        let pause = Duration.seconds(1 << min(unsettled, 6))
        unsettled += 1
        retryAt = now + min(pause, Self.longestRetryPause)
    }
}
