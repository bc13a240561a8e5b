/// One SQL statement and its parameters.
///
/// Written as an interpolated string literal. A value in the interpolation becomes a bind and
/// never a part of the text, so that no value can change what the statement says:
/// `"SELECT credits FROM credits WHERE user_id = \(user)"` sends `... WHERE user_id = $1`.
package struct Statement: Sendable {
    package let text: String
    package let binds: Binds

    /// A statement without binds, whose text is trusted: no part of it came from outside.
    package init(unescaped text: String) {
        self.text = text
        binds = Binds()
    }

    /// PostgreSQL's protocol counts parameters in 16 bits.
    static let bindLimit = 65_535

    /// What a statement does to the transaction it runs in.
    enum TransactionControl { case begin, commit, rollback }

    /// By the statement's first word; nil for all others.
    var transactionControl: TransactionControl? {
        let word = text.utf8.drop { $0.isSQLSpace }.prefix { $0.isASCIILetter }
        // Every statement is asked: without a copy, and mostly decided by the length.
        func isWord(_ keyword: String) -> Bool {
            word.count == keyword.utf8.count
                && word.lazy.map { $0 | 0x20 }.elementsEqual(keyword.utf8)
        }
        if isWord("begin") || isWord("start") { return .begin }
        if isWord("commit") || isWord("end") { return .commit }
        if isWord("rollback") || isWord("abort") { return .rollback }
        return nil
    }
}

extension UInt8 {
    fileprivate var isSQLSpace: Bool { self == 0x20 || (0x09...0x0d).contains(self) }
    fileprivate var isASCIILetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")) ~= self | 0x20 }
}

extension Statement: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        self.init(unescaped: text)
    }

    package init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
        binds = stringInterpolation.binds
    }

    package struct StringInterpolation: StringInterpolationProtocol, Sendable {
        fileprivate var text = ""
        fileprivate var binds = Binds()

        package init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + 3 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) {
            text += literal
        }

        package mutating func appendInterpolation(_ value: some PostgresEncodable) {
            bind(value)
        }

        // Columns of batches, hundreds of values long. Each of these is compiled for its one type;
        // through the function above, from another module, every element would be encoded by way of
        // witness tables, at ten times the cost.

        package mutating func appendInterpolation(_ column: [Int64]) { bind(column) }
        package mutating func appendInterpolation(_ column: [Int64?]) { bind(column) }
        package mutating func appendInterpolation(_ column: [String]) { bind(column) }
        package mutating func appendInterpolation(_ column: [String?]) { bind(column) }
        package mutating func appendInterpolation(_ column: [PostgresTimestamp]) { bind(column) }

        private mutating func bind(_ value: some PostgresEncodable) {
            value.encode(into: &binds)
            text += "$\(binds.count)"
        }

        /// Splices text into the statement. Only for what cannot be a bind, such as a name that
        /// the program itself chose; never for anything that came from outside.
        package mutating func appendInterpolation(unescaped part: String) {
            text += part
        }
    }
}

extension Statement: CustomStringConvertible, CustomReflectable {
    /// The text, with the number of binds in place of what they hold.
    package var description: String {
        binds.count == 0 ? text : "\(text) [\(binds.count) binds]"
    }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
