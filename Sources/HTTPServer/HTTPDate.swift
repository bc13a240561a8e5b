/// The value of a Date field (RFC 9110 5.6.7, IMF-fixdate), made once a second.
struct HTTPDate {
    private var second: Int?
    private var bytes: [UInt8] = []

    /// The date at `second` of the Unix epoch, in ASCII.
    mutating func bytes(at second: Int) -> [UInt8] {
        if second != self.second {
            self.second = second
            bytes = Array(Self.format(second).utf8)
        }
        return bytes
    }

    private static func format(_ second: Int) -> String {
        let days = second.flooredQuotient(by: 86_400)
        let time = second - days * 86_400
        let (year, month, day) = civilDate(daysSinceEpoch: days)
        // 1 January 1970 was a Thursday.
        let weekday = (days + 4) - (days + 4).flooredQuotient(by: 7) * 7
        return "\(weekdays[weekday]), \(padded(day)) \(months[month - 1]) \(padded(year, to: 4)) "
            + "\(padded(time / 3600)):\(padded(time / 60 % 60)):\(padded(time % 60)) GMT"
    }

    /// The proleptic Gregorian date. Counts in years that begin with March, so that the leap day is
    /// the last of its year and every 400 years are alike.
    private static func civilDate(daysSinceEpoch days: Int) -> (year: Int, month: Int, day: Int) {
        let daysSinceMarchOfYear0 = days + 719_468
        let era = daysSinceMarchOfYear0.flooredQuotient(by: 146_097)
        let dayOfEra = daysSinceMarchOfYear0 - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func padded(_ number: Int, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
}

extension Int {
    fileprivate func flooredQuotient(by divisor: Int) -> Int {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
