/// A day of the proleptic Gregorian calendar in UTC, written `YYYY-MM-DD`.
package struct CalendarDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let daysSinceUnixEpoch: Int32

    package init(daysSinceUnixEpoch: Int32) {
        self.daysSinceUnixEpoch = daysSinceUnixEpoch
    }

    /// The day that a moment falls on.
    package init(of moment: Timestamp) {
        let microseconds = moment.microsecondsSinceUnixEpoch
        let day = microseconds / Timestamp.microsecondsADay
        let isBeforeMidnight = microseconds % Timestamp.microsecondsADay < 0
        daysSinceUnixEpoch = Int32(truncatingIfNeeded: isBeforeMidnight ? day - 1 : day)
    }

    /// Reads `YYYY-MM-DD`; nil for another shape and for days that no month has.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2],
            parts.allSatisfy({ $0.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 } }
            ),
            let year = Int32(parts[0]), let month = Int32(parts[1]), let day = Int32(parts[2]),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        self.init(year: year, month: month, day: day)
        guard description == text else { return nil }
    }

    /// The midnight with which the day begins.
    package var start: Timestamp {
        Timestamp(
            microsecondsSinceUnixEpoch: Int64(daysSinceUnixEpoch) * Timestamp.microsecondsADay)
    }

    package var next: CalendarDay { CalendarDay(daysSinceUnixEpoch: daysSinceUnixEpoch + 1) }

    package var description: String {
        let (year, month, day) = civilDate
        return "\(padded(year, to: 4))-\(padded(month, to: 2))-\(padded(day, to: 2))"
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.daysSinceUnixEpoch < right.daysSinceUnixEpoch
    }
}

// Both directions count from 1 March of year 0, where the leap day is a year's last day, in eras of
// 400 years (146,097 days), after which the calendar repeats. 719,468 days lie between 0000-03-01
// and 1970-01-01.
extension CalendarDay {
    private static let daysAnEra: Int32 = 146_097
    private static let daysToUnixEpoch: Int32 = 719_468

    private init(year: Int32, month: Int32, day: Int32) {
        let marchYear = month <= 2 ? year - 1 : year
        let era = marchYear / 400
        let yearOfEra = marchYear % 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSinceUnixEpoch = era * Self.daysAnEra + dayOfEra - Self.daysToUnixEpoch
    }

    var civilDate: (year: Int32, month: Int32, day: Int32) {
        let days = daysSinceUnixEpoch + Self.daysToUnixEpoch
        let era = (days >= 0 ? days : days - (Self.daysAnEra - 1)) / Self.daysAnEra
        let dayOfEra = days - era * Self.daysAnEra
        let leapless = dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096
        let yearOfEra = leapless / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}

private func padded(_ number: Int32, to width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
}
