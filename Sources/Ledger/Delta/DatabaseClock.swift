/// The database's clock as of an answer of its, carried forward by the machine's monotonic one: it
/// lags by the time that the answer was on its way, and is not ahead. What it tells ascends.
struct DatabaseClock: Sendable {
    /// How long the quickest answer counts before a newer one does.
    private static let kept = Duration.seconds(1)
    /// After that the two clocks may have parted.
    private static let useful = Duration.seconds(60)

    private var moment: Timestamp
    private var instant: ContinuousClock.Instant
    private var last = Timestamp.earliest

    /// - Parameter instant: when the answer had arrived.
    init(_ moment: Timestamp, at instant: ContinuousClock.Instant) {
        self.moment = moment
        self.instant = instant
    }

    /// Of the answers of a second, the one that was on its way for the shortest time counts: who
    /// lags less is less often met by an entry that is later already.
    mutating func hear(_ other: Timestamp, at arrival: ContinuousClock.Instant) {
        let isOld = instant.duration(to: arrival) >= Self.kept
        guard isOld || other > carried(to: arrival) else { return }
        (moment, instant) = (other, arrival)
    }

    /// Later than all that it has told; nil where the last answer is too old.
    mutating func next(at now: ContinuousClock.Instant) -> Timestamp? {
        guard instant.duration(to: now) < Self.useful else { return nil }
        last = max(carried(to: now), last.later(by: 1))
        return last
    }

    private func carried(to now: ContinuousClock.Instant) -> Timestamp {
        let (seconds, attoseconds) = instant.duration(to: now).components
        return moment.later(by: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
    }
}
