/// How many credits one command moves: 1 ... 10^12.
package struct CreditAmount: Hashable, Sendable {
    package static let range: ClosedRange<Int64> = 1...1_000_000_000_000

    package let rawValue: Int64

    package init?(_ rawValue: Int64) {
        guard Self.range.contains(rawValue) else { return nil }
        self.rawValue = rawValue
    }
}

/// What a balance may be: 0 ... 2^53 - 1.
///
/// JSON numbers beyond the upper bound lose digits in JavaScript (RFC 8259, 6). The table
/// `credits` holds the same bounds in a CHECK.
package enum BalanceLimits {
    package static let range: ClosedRange<Int64> = 0...9_007_199_254_740_991

    /// What an entry can add to a balance within them.
    static let steps: ClosedRange<Int64> = -range.upperBound...range.upperBound
}
