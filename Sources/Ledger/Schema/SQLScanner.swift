/// Reads SQL as PostgreSQL's lexer does (chapter 4.1), as far as it takes to tell what a semicolon,
/// a parenthesis or a word is from what only looks like one.
struct SQLScanner {
    enum Token: Hashable {
        /// White space, or a comment.
        case space
        /// A key word or an unquoted name.
        case word
        case opening, closing, semicolon
        /// A string, a quoted name, a number, an operator, or a part of one.
        case other
    }

    private let bytes: [UInt8]
    /// `standard_conforming_strings`: a backslash in a plain string is a backslash.
    private let hasStandardStrings: Bool
    private(set) var position = 0

    init(_ bytes: [UInt8], hasStandardStrings: Bool = true) {
        self.bytes = bytes
        self.hasStandardStrings = hasStandardStrings
    }

    /// Moves behind the next token; nil at the end. What has no end goes to the end of the SQL.
    mutating func next() -> Token? {
        guard let byte = byte(at: 0) else { return nil }
        switch byte {
        case _ where byte.isSpace: return skip(1, as: .space)
        case UInt8(ascii: "-") where self.byte(at: 1) == byte: return skipLine()
        case UInt8(ascii: "/") where self.byte(at: 1) == UInt8(ascii: "*"): return skipComment()
        case UInt8(ascii: "'"): return skipString(hasEscapes: !hasStandardStrings)
        case UInt8(ascii: "\""): return skipQuoted(by: byte, hasEscapes: false)
        case UInt8(ascii: "$"): return skipDollarQuoted()
        case UInt8(ascii: "("): return skip(1, as: .opening)
        case UInt8(ascii: ")"): return skip(1, as: .closing)
        case UInt8(ascii: ";"): return skip(1, as: .semicolon)
        case _ where byte.startsWord: return skipWord()
        default: return skip(1, as: .other)
        }
    }

    private func byte(at offset: Int) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private mutating func skip(_ count: Int, as token: Token) -> Token {
        position = min(position + count, bytes.count)
        return token
    }

    // MARK: Comments

    private mutating func skipLine() -> Token {
        while let byte = byte(at: 0), !byte.endsLine { position += 1 }
        return .space
    }

    /// Comments lie within each other.
    private mutating func skipComment() -> Token {
        var depth = 0
        while let byte = byte(at: 0) {
            switch (byte, self.byte(at: 1)) {
            case (UInt8(ascii: "/"), UInt8(ascii: "*")): depth += 1
            case (UInt8(ascii: "*"), UInt8(ascii: "/")): depth -= 1
            default:
                position += 1
                continue
            }
            position += 2
            if depth == 0 { break }
        }
        return .space
    }

    // MARK: Words and strings

    /// `E'...'` has escapes, `B'...'` and `X'...'` have none, `N'...'` is a plain string.
    private mutating func skipWord() -> Token {
        let start = position
        while let byte = byte(at: 0), byte.continuesWord { position += 1 }
        guard position == start + 1, byte(at: 0) == UInt8(ascii: "'") else { return .word }
        switch bytes[start] | 0x20 {
        case UInt8(ascii: "e"): return skipString(hasEscapes: true)
        case UInt8(ascii: "b"), UInt8(ascii: "x"): return skipString(hasEscapes: false)
        default: return .word
        }
    }

    /// A string goes on, escapes and all, behind white space with a line's end in it (4.1.2.1).
    private mutating func skipString(hasEscapes: Bool) -> Token {
        while true {
            _ = skipQuoted(by: UInt8(ascii: "'"), hasEscapes: hasEscapes)
            guard let next = continuation else { return .other }
            position = next
        }
    }

    /// A quote within the quotes is written twice.
    private mutating func skipQuoted(by quote: UInt8, hasEscapes: Bool) -> Token {
        position += 1
        while let byte = byte(at: 0) {
            if byte == UInt8(ascii: "\\"), hasEscapes {
                position = min(position + 2, bytes.count)
            } else if byte != quote {
                position += 1
            } else if self.byte(at: 1) == quote {
                position += 2
            } else {
                return skip(1, as: .other)
            }
        }
        return .other
    }

    /// Where the string that ended here goes on.
    private var continuation: Int? {
        var ahead = self
        var hasLineEnd = false
        while let byte = ahead.byte(at: 0) {
            if byte.isSpace {
                hasLineEnd = hasLineEnd || byte.endsLine
                ahead.position += 1
            } else if byte == UInt8(ascii: "-"), ahead.byte(at: 1) == byte {
                _ = ahead.skipLine()
            } else {
                return byte == UInt8(ascii: "'") && hasLineEnd ? ahead.position : nil
            }
        }
        return nil
    }

    /// `$tag$ ... $tag$`; anything else that begins with a dollar is a parameter, or an error.
    private mutating func skipDollarQuoted() -> Token {
        var end = position + 1
        while end < bytes.count, bytes[end].continuesWord, bytes[end] != UInt8(ascii: "$") {
            end += 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "$"),
            end == position + 1 || bytes[position + 1].startsWord
        else { return skip(1, as: .other) }
        let quote = bytes[position...end]
        position = end + 1
        while position < bytes.count, !bytes[position...].starts(with: quote) { position += 1 }
        return skip(quote.count, as: .other)
    }
}

extension UInt8 {
    fileprivate var endsLine: Bool { self == 0x0A || self == 0x0D }
    fileprivate var isSpace: Bool { self == 0x20 || (0x09...0x0D).contains(self) }
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// Letters, the underscore, and all that is no ASCII.
    fileprivate var startsWord: Bool {
        self >= 0x80 || self == UInt8(ascii: "_")
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }

    fileprivate var continuesWord: Bool {
        startsWord || isDigit || self == UInt8(ascii: "$")
    }
}
