extension Timestamp {
    /// Reads RFC 3339 (5.6): `2026-11-22T07:18:29.093827Z`, or with an offset as `+01:00`.
    ///
    /// Digits beyond the microsecond are cut off, since no stored moment has them. nil for another
    /// shape, for a day or an hour that there is not (a leap second, which PostgreSQL has not
    /// either), and where the moment in UTC is outside the years 1 to 9999.
    package init?(rfc3339 text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.shortestText, let day = CalendarDay(String(text.prefix(10))),
            [UInt8(ascii: "T"), UInt8(ascii: "t")].contains(bytes[10]),
            bytes[13] == UInt8(ascii: ":"), bytes[16] == UInt8(ascii: ":"),
            let hour = bytes.number(at: 11..<13, upTo: 23),
            let minute = bytes.number(at: 14..<16, upTo: 59),
            let second = bytes.number(at: 17..<19, upTo: 59),
            let (fraction, zone) = Self.fraction(in: bytes[19...]),
            let offset = Self.minutes(ofOffset: Array(zone))
        else { return nil }
        let minutes = hour * 60 + minute - offset
        let moment = Timestamp(
            microsecondsSinceUnixEpoch: day.start.microsecondsSinceUnixEpoch
                + (minutes * 60 + second) * 1_000_000 + fraction)
        guard (Self.earliest...Self.latest).contains(moment) else { return nil }
        self = moment
    }

    /// `2026-11-22T07:18:29Z`
    private static let shortestText = 20

    /// The microseconds after the dot, where there is one, and what follows them.
    private static func fraction(in rest: ArraySlice<UInt8>) -> (Int64, ArraySlice<UInt8>)? {
        guard rest.first == UInt8(ascii: ".") else { return (0, rest) }
        let digits = rest.dropFirst().prefix { $0.isDigit }
        guard !digits.isEmpty else { return nil }
        let six = (digits + [UInt8](repeating: UInt8(ascii: "0"), count: 6)).prefix(6)
        let microseconds = six.reduce(Int64(0)) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
        return (microseconds, rest[digits.endIndex...])
    }

    /// `Z`, or `+hh:mm` and `-hh:mm`.
    private static func minutes(ofOffset zone: [UInt8]) -> Int64? {
        if zone == [UInt8(ascii: "Z")] || zone == [UInt8(ascii: "z")] { return 0 }
        guard zone.count == 6, zone[3] == UInt8(ascii: ":"),
            let hours = zone.number(at: 1..<3, upTo: 23),
            let minutes = zone.number(at: 4..<6, upTo: 59)
        else { return nil }
        switch zone[0] {
        case UInt8(ascii: "+"): return hours * 60 + minutes
        case UInt8(ascii: "-"): return -(hours * 60 + minutes)
        default: return nil
        }
    }
}

extension [UInt8] {
    /// The decimal number that fills the range; nil where something else does.
    fileprivate func number(at range: Range<Int>, upTo limit: Int64) -> Int64? {
        var number: Int64 = 0
        for digit in self[range] {
            guard digit.isDigit else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        return number <= limit ? number : nil
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
