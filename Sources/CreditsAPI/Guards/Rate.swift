/// So many in a period: as many at once, and as many again in each period.
package struct Rate: Hashable, Sendable {
    package enum Period: String, Sendable, CaseIterable {
        case second = "s"
        case minute = "m"
        case hour = "h"

        var seconds: Int64 {
            switch self {
            case .second: 1
            case .minute: 60
            case .hour: 3600
            }
        }
    }

    package static let counts = 1...1_000_000

    package let count: Int
    package let period: Period

    /// nil for a count out of bounds.
    package init?(_ count: Int, per period: Period) {
        guard Self.counts.contains(count) else { return nil }
        self.init(count: count, per: period)
    }

    private init(count: Int, per period: Period) {
        self.count = count
        self.period = period
    }

    /// Wrong keys of one address: more than anybody mistypes, and fewer than a search needs.
    package static let ofBadKeys = Rate(count: 10, per: .minute)

    /// From one to the next.
    var spacing: Duration { .seconds(period.seconds) / count }
}
