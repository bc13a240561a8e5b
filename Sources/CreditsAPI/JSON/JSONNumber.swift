/// A JSON number as it was spelled, so that no digit is lost on the way.
struct JSONNumber: Hashable, Sendable {
    /// Valid by RFC 8259, 6: whoever makes one by hand vouches for it.
    let lexeme: String

    init(_ value: Int64) {
        lexeme = String(value)
    }

    init(lexeme: String) {
        self.lexeme = lexeme
    }
}

extension JSONNumber {
    /// The number read as a whole one, exactly: `10`, `10.0` and `1e1` are the integer 10.
    enum WholeNumber: Hashable, Sendable {
        case exactly(Int64)
        /// It has a fraction that is not zero.
        case fractional
        /// It is whole, and Int64 cannot hold it.
        case outOfRange
    }

    var wholeNumber: WholeNumber {
        if let value = Int64(lexeme) { return .exactly(value) }
        let isNegative = lexeme.utf8.first == UInt8(ascii: "-")
        guard let decimal = DecimalDigits(lexeme.utf8.dropFirst(isNegative ? 1 : 0)) else {
            return .outOfRange
        }
        if decimal.digits.isEmpty { return .exactly(0) }
        if decimal.exponent < 0 { return .fractional }
        // Int64 has at most 19 digits: whatever is longer need not be written out.
        guard decimal.digits.count + decimal.exponent <= 19 else { return .outOfRange }
        let zeros = String(repeating: "0", count: decimal.exponent)
        let magnitude = String(decoding: decimal.digits, as: UTF8.self) + zeros
        return Int64((isNegative ? "-" : "") + magnitude).map { .exactly($0) } ?? .outOfRange
    }

    /// Whether IEEE 754's double precision, and so every JSON reader, can hold its size: neither an
    /// infinity nor a number so small that it would count as zero.
    var fitsDouble: Bool {
        guard let double = Double(lexeme), double.isFinite else { return false }
        let mantissa = lexeme.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        let isZero = !mantissa.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
        return double != 0 || isZero
    }
}

/// digits x 10^exponent, with neither leading nor trailing zeros among the digits.
private struct DecimalDigits {
    private(set) var digits: [UInt8] = []
    private(set) var exponent = 0

    /// nil where the exponent is beyond Int: such a number is out of every range.
    init?(_ lexeme: some Sequence<UInt8>) {
        var exponentText: [UInt8]?
        var isFraction = false
        for byte in lexeme {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"): exponentText = []
            case _ where exponentText != nil: exponentText?.append(byte)
            default:
                if isFraction { exponent -= 1 }
                if !digits.isEmpty || byte != UInt8(ascii: "0") { digits.append(byte) }
            }
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent += 1
        }
        guard let exponentText, !digits.isEmpty else { return }
        // A negative exponent that Int cannot hold makes a fraction, a positive one a giant.
        guard let written = Int(String(decoding: exponentText, as: UTF8.self)),
            (-1_000_000...1_000_000).contains(written)
        else {
            guard exponentText.first == UInt8(ascii: "-") else { return nil }
            exponent = -1
            return
        }
        exponent += written
    }
}
