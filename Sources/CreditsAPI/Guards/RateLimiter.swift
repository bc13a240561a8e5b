import Ledger

/// Token buckets by name, in memory and bounded.
///
/// Theory of operation (the generic cell rate algorithm): of a bucket only the moment is kept at
/// which it will be full again. Each request moves it by `spacing`; one that would move it further
/// than `count` spacings ahead of now finds the bucket empty. A bucket that is full is as good as
/// none, so those are what a full table throws away. Where all are in use, newcomers share one.
final class RateLimiter: Sendable {
    static let capacity = 65_536
    /// A name that nobody has.
    private static let shared = ""

    let rate: Rate
    private let fullAt = Guarded<[String: ContinuousClock.Instant]>([:])
    private let now: @Sendable () -> ContinuousClock.Instant

    init(_ rate: Rate, now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.rate = rate
        self.now = now
    }

    /// Takes one; where there is none, how long to wait for it.
    func take(_ name: String) -> Duration? {
        let (now, spacing, depth) = (now(), rate.spacing, rate.spacing * rate.count)
        return fullAt.with { buckets in
            let name = Self.place(of: name, in: &buckets, at: now)
            let full = max(buckets[name] ?? now, now) + spacing
            if full > now + depth { return full - (now + depth) }
            buckets[name] = full
            return nil
        }
    }

    /// How long to wait for one, without taking it; nil where there is one.
    func wait(for name: String) -> Duration? {
        let now = now()
        let latest = now + rate.spacing * (rate.count - 1)
        return fullAt.with { buckets in
            guard let full = buckets[name], full > latest else { return nil }
            return full - latest
        }
    }

    private static func place(
        of name: String, in buckets: inout [String: ContinuousClock.Instant],
        at now: ContinuousClock.Instant
    ) -> String {
        guard buckets.count >= capacity, buckets[name] == nil else { return name }
        buckets = buckets.filter { $0.value > now }
        return buckets.count < capacity ? name : shared
    }
}
