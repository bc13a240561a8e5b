/// A piece of HTML. Text that is interpolated is escaped; HTML in HTML stays what it is:
/// `"<h1>\(title)</h1>\(paragraphs)"` is right whatever the title holds.
struct HTMLText: Sendable, ExpressibleByStringInterpolation {
    private(set) var markup: String

    init(stringLiteral markup: String) {
        self.markup = markup
    }

    init(stringInterpolation: StringInterpolation) {
        markup = stringInterpolation.markup
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) {
            markup += literal
        }

        /// For an element's content and a quoted attribute's value alike.
        mutating func appendInterpolation(_ text: String) {
            for character in text.unicodeScalars {
                switch character {
                case "&": markup += "&amp;"
                case "<": markup += "&lt;"
                case ">": markup += "&gt;"
                case "\"": markup += "&quot;"
                case "'": markup += "&#39;"
                default: markup.unicodeScalars.append(character)
                }
            }
        }

        mutating func appendInterpolation(_ number: Int) {
            markup += String(number)
        }

        mutating func appendInterpolation(_ html: HTMLText) {
            markup += html.markup
        }

        mutating func appendInterpolation(_ pieces: [HTMLText]) {
            for piece in pieces { markup += piece.markup }
        }
    }

    var bytes: [UInt8] { Array(markup.utf8) }
}

extension HTMLText {
    /// Text in which `code` stands between backticks, as the descriptions have it.
    static func prose(_ text: String) -> HTMLText {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false).map(String.init)
        let pieces = parts.enumerated().map { index, part -> HTMLText in
            index.isMultiple(of: 2) ? "\(part)" : "<code>\(part)</code>"
        }
        return "\(pieces)"
    }
}
