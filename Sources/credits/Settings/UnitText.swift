/// A whole number with its unit, in both directions: `30s`, `64KiB`.
///
/// A number without a unit is refused where it could be meant in two ways (30 what?), 0 excepted.
struct UnitScale: Sendable {
    /// Name and factor, the smallest first.
    let units: [(name: String, factor: Int)]

    func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        var suffix = text.dropFirst(digits.count)
        while suffix.first == " " { suffix = suffix.dropFirst() }
        if suffix.isEmpty, number == 0 { return 0 }
        guard let unit = units.first(where: { $0.name.lowercased() == suffix.lowercased() }) else {
            return nil
        }
        let (product, overflow) = number.multipliedReportingOverflow(by: unit.factor)
        return overflow ? nil : product
    }

    /// The largest unit that divides the number.
    func text(_ number: Int) -> String {
        for unit in units.reversed() where number != 0 && number.isMultiple(of: unit.factor) {
            return "\(number / unit.factor)\(unit.name)"
        }
        return "\(number)\(units[0].name)"
    }
}

/// `512B`, `64KiB`, `1MiB`, `2GiB`; a bare number counts bytes.
enum ByteSize {
    private static let scale = UnitScale(units: [
        ("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ])

    static func parse(_ text: String) -> Int? { scale.parse(text) ?? Int(text).filterNatural }
    static func text(_ bytes: Int) -> String { scale.text(bytes) }
}

/// `500ms`, `30s`, `5m`, `1h`.
enum DurationText {
    private static let scale = UnitScale(units: [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000),
    ])

    static func parse(_ text: String) -> Duration? {
        scale.parse(text).map { .milliseconds($0) }
    }

    static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = Int(seconds) * 1_000 + Int(attoseconds / 1_000_000_000_000_000)
        return milliseconds == 0 ? "0s" : scale.text(milliseconds)
    }
}

extension Int? {
    fileprivate var filterNatural: Int? { flatMap { $0 >= 0 ? $0 : nil } }
}
