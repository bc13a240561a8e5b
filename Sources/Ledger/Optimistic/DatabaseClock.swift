/// The database's clock as of its last answer, carried forward by the machine's monotonic one: it
/// lags by the time that the answer was on its way, and is never ahead.
struct DatabaseClock: Sendable {
    private let moment: Timestamp
    private let instant: ContinuousClock.Instant

    /// - Parameter instant: when the answer had arrived.
    init(_ moment: Timestamp, at instant: ContinuousClock.Instant) {
        self.moment = moment
        self.instant = instant
    }

    /// nil where the answer is so old that the two clocks may have parted.
    func time(at now: ContinuousClock.Instant) -> Timestamp? {
        let elapsed = instant.duration(to: now)
        guard elapsed < .seconds(60) else { return nil }
        let (seconds, attoseconds) = elapsed.components
        return Timestamp(
            microsecondsSinceUnixEpoch: moment.microsecondsSinceUnixEpoch + seconds * 1_000_000
                + attoseconds / 1_000_000_000_000)
    }
}
