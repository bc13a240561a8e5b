import Ledger

/// Token buckets by name, in memory and bounded.
///
/// Theory of operation (the generic cell rate algorithm): of a bucket only the moment is kept at
/// which it will be full again. Each request moves it by `spacing`; one that would move it further
/// than `count` spacings ahead of now finds the bucket empty. A bucket that is full is as good as
/// none, so those are what a full table throws away, once a second at most: to look for them is a
/// walk over all. Where all are in use, newcomers share one.
final class RateLimiter: Sendable {
    static let capacity = 65_536
    /// A name that nobody has.
    private static let shared = ""

    private struct Table {
        var fullAt: [String: ContinuousClock.Instant] = [:]
        /// Not before this is a full table looked through again.
        var nextSweep: ContinuousClock.Instant
    }

    let rate: Rate
    private let table: Guarded<Table>
    private let now: @Sendable () -> ContinuousClock.Instant

    init(_ rate: Rate, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.rate = rate
        self.now = now
        table = Guarded(Table(nextSweep: now()))
    }

    /// Takes one; where there is none, how long to wait for it.
    func take(_ name: String) -> Duration? {
        let (now, spacing, depth) = (now(), rate.spacing, rate.spacing * rate.count)
        return table.with { table in
            let name = Self.place(of: name, in: &table, at: now)
            let full = max(table.fullAt[name] ?? now, now) + spacing
            if full > now + depth { return full - (now + depth) }
            table.fullAt[name] = full
            return nil
        }
    }

    /// How long to wait for one, without taking it; nil where there is one.
    func wait(for name: String) -> Duration? {
        let now = now()
        let latest = now + rate.spacing * (rate.count - 1)
        return table.with { table in
            guard let full = table.fullAt[name], full > latest else { return nil }
            return full - latest
        }
    }

    private static func place(
        of name: String, in table: inout Table, at now: ContinuousClock.Instant
    ) -> String {
        guard table.fullAt.count >= capacity, table.fullAt[name] == nil else { return name }
        guard now >= table.nextSweep else { return shared }
        table.nextSweep = now + .seconds(1)
        table.fullAt = table.fullAt.filter { $0.value > now }
        return table.fullAt.count < capacity ? name : shared
    }
}
