/// Why a text is no JSON, and where.
struct JSONSyntaxError: Error, Hashable, Sendable {
    /// A clause that ends a sentence: "a comma or } is expected".
    let explanation: String
    /// Both count from 1; a column is a character (a Unicode scalar value).
    let line: Int
    let column: Int
}

/// The tokens of a JSON text. Each `scan` method begins at the first byte of its token and leaves
/// `index` after the last.
struct JSONScanner {
    let bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }

    /// number = [ minus ] int [ frac ] [ exp ] (RFC 8259, 6)
    mutating func scanNumber() throws(JSONSyntaxError) -> JSONNumber {
        let start = index
        _ = take(UInt8(ascii: "-"))
        let startsWithZero = peek == UInt8(ascii: "0")
        guard case let count = skipDigits(), count > 0 else { throw error("a digit is expected") }
        if startsWithZero, count > 1 {
            index = start
            throw error("a number may not begin with a zero")
        }
        if take(UInt8(ascii: ".")) {
            guard skipDigits() > 0 else { throw error("a digit is expected") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw error("a digit is expected") }
        }
        return JSONNumber(lexeme: String(decoding: bytes[start..<index], as: UTF8.self))
    }

    mutating func scanWord(
        _ word: String, _ value: JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard bytes[index...].starts(with: word.utf8) else { throw error("a value is expected") }
        index += word.utf8.count
        return value
    }

    // MARK: - Strings

    mutating func scanString() throws(JSONSyntaxError) -> String {
        let opening = index
        index += 1
        var text = ""
        while true {
            text += try scanPlainRun()
            guard let byte = peek else {
                index = opening
                throw error("a string is opened here, and never closed")
            }
            index += 1
            if byte == UInt8(ascii: "\"") { return text }
            text.unicodeScalars.append(try scanEscape())
        }
    }

    /// Everything up to the next quote, backslash or end.
    private mutating func scanPlainRun() throws(JSONSyntaxError) -> String {
        let start = index
        var bits: UInt8 = 0
        scan: while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): break scan
            case 0..<0x20: throw error("a control character in a string must be escaped")
            default:
                bits |= byte
                index += 1
            }
        }
        // Nearly every string is ASCII, and a string of ASCII is made five times faster.
        if bits < 0x80 { return String(decoding: bytes[start..<index], as: UTF8.self) }
        guard let run = String(validating: bytes[start..<index], as: UTF8.self) else {
            throw error("the string up to here is not in UTF-8")
        }
        return run
    }

    private mutating func scanEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let byte = peek
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scanUnicodeEscape()
        default:
            index -= 1
            throw error("JSON has no such escape")
        }
    }

    /// Four hexadecimal digits, or twice four where the first are the half of a surrogate pair.
    private mutating func scanUnicodeEscape() throws(JSONSyntaxError) -> Unicode.Scalar {
        let high = try scanHexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        guard (0xD800..<0xDC00).contains(high), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")),
            case let low = try scanHexadecimal(), (0xDC00..<0xE000).contains(low),
            let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
        else { throw error("an escape gives one half of a surrogate pair without the other") }
        return scalar
    }

    private mutating func scanHexadecimal() throws(JSONSyntaxError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = hexadecimalValue(of: byte) else {
                throw error("four hexadecimal digits are expected")
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        return value
    }

    private func hexadecimalValue(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    // MARK: - Bytes

    var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            index += 1
        }
    }

    private mutating func skipDigits() -> Int {
        let start = index
        while let byte = peek, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        return index - start
    }

    func error(_ explanation: String) -> JSONSyntaxError {
        let before = bytes.prefix(index)
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            explanation: explanation,
            line: before.count { $0 == 0x0A } + 1,
            column: before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1)
    }
}
