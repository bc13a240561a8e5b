/// A `timestamptz`: microseconds since 1970-01-01T00:00:00Z, without leap seconds.
///
/// A `timestamp` without time zone is read as UTC.
package struct PostgresTimestamp: Hashable, Comparable, Sendable {
    package let microsecondsSinceUnixEpoch: Int64

    package init(microsecondsSinceUnixEpoch: Int64) {
        self.microsecondsSinceUnixEpoch = microsecondsSinceUnixEpoch
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.microsecondsSinceUnixEpoch < right.microsecondsSinceUnixEpoch
    }

    /// PostgreSQL counts from 2000-01-01.
    private static let epochShift: Int64 = 946_684_800_000_000

    /// Nil for infinity, and for the last decades before the year 294277 that Unix microseconds
    /// do not reach.
    init?(postgres microseconds: Int64) {
        guard microseconds != .max, microseconds != .min else { return nil }
        let (value, overflow) = microseconds.addingReportingOverflow(Self.epochShift)
        guard !overflow else { return nil }
        self.init(microsecondsSinceUnixEpoch: value)
    }

    /// A time before PostgreSQL's first one becomes one that the server refuses, never -infinity.
    var postgresMicroseconds: Int64 {
        let (value, overflow) =
            microsecondsSinceUnixEpoch.subtractingReportingOverflow(Self.epochShift)
        return overflow || value == .min ? .min + 1 : value
    }
}

/// A `date`: days since 1970-01-01, in the proleptic Gregorian calendar.
package struct PostgresDate: Hashable, Comparable, Sendable {
    package let daysSinceUnixEpoch: Int32

    package init(daysSinceUnixEpoch: Int32) {
        self.daysSinceUnixEpoch = daysSinceUnixEpoch
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.daysSinceUnixEpoch < right.daysSinceUnixEpoch
    }

    /// PostgreSQL counts from 2000-01-01.
    private static let epochShift: Int32 = 10_957

    /// Nil for infinity.
    init?(postgres days: Int32) {
        guard days != .max, days != .min else { return nil }
        let (value, overflow) = days.addingReportingOverflow(Self.epochShift)
        guard !overflow else { return nil }
        self.init(daysSinceUnixEpoch: value)
    }

    /// A day before PostgreSQL's first one becomes one that the server refuses, never -infinity.
    var postgresDays: Int32 {
        let (value, overflow) = daysSinceUnixEpoch.subtractingReportingOverflow(Self.epochShift)
        return overflow || value == .min ? .min + 1 : value
    }
}
