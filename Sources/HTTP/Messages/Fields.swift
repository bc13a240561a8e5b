// A message's header fields, kept as they stand on the wire.
//
// A received section is one copy of its bytes plus where each name and value lies in it; a string
// is made only of the values that somebody asks for. A section that is being written grows by
// whole lines, so that the encoder appends it at once. Either way it is two allocations,
// however many fields there are.

/// Header fields in their order; names are compared without regard to case (RFC 9110 5).
package struct Fields: Sendable {
    /// Lines of `name: value CRLF`, without the empty line that ends a section.
    private(set) var bytes: [UInt8] = []
    private(set) var lines: [Line] = []

    /// Where a field lies in `bytes`: its line begins with the name, and the value is without the
    /// white space around it.
    struct Line: Sendable {
        var name: Range<Int>
        var value: Range<Int>
    }

    package init() {}

    /// A section that was received; the scanner has checked every byte of it.
    init(bytes: [UInt8], lines: [Line]) {
        self.bytes = bytes
        self.lines = lines
    }

    package var count: Int { lines.count }
    package var isEmpty: Bool { lines.isEmpty }

    /// The first value under the name. Bytes that are no UTF-8 read as U+FFFD.
    package subscript(name: FieldName) -> String? {
        line(named: name).map { text($0.value) }
    }

    /// The first value under the name, for who compares it and needs no string.
    package func value(of name: FieldName) -> ArraySlice<UInt8>? {
        line(named: name).map { bytes[$0.value] }
    }

    /// Every value under the name, one a line.
    package func values(of name: FieldName) -> [String] {
        var values: [String] = []
        for line in lines where isNamed(name, line) { values.append(text(line.value)) }
        return values
    }

    /// How many lines stand under the name.
    package func count(of name: FieldName) -> Int {
        var count = 0
        for line in lines where isNamed(name, line) { count += 1 }
        return count
    }

    package func contains(_ name: FieldName) -> Bool {
        line(named: name) != nil
    }

    /// Whether a line stands under either name: one look for both.
    package func contains(_ name: FieldName, or other: FieldName) -> Bool {
        for line in lines where isNamed(name, line) || isNamed(other, line) { return true }
        return false
    }

    /// Adds a line after the others.
    ///
    /// A byte that no value may hold (CR, LF, NUL, any other control) becomes a space, as
    /// RFC 9110 5.5 has it: no value can end its line and start another.
    package mutating func append(_ name: FieldName, _ value: String) {
        if lines.isEmpty { reserveForAnswer() }
        let line = appendName(name)
        bytes.append(value)
        end(line)
    }

    package mutating func append(_ name: FieldName, _ value: [UInt8]) {
        if lines.isEmpty { reserveForAnswer() }
        let line = appendName(name)
        bytes.append(contentsOf: value)
        end(line)
    }

    /// Adds the lines of others, which have been looked at already.
    package mutating func append(contentsOf other: Fields) {
        let offset = bytes.count
        bytes.append(contentsOf: other.bytes)
        for line in other.lines { lines.append(line.moved(by: offset)) }
    }

    /// One allocation each serves the usual answer.
    package mutating func reserveForAnswer() {
        bytes.reserveCapacity(256)
        lines.reserveCapacity(6)
    }

    /// The line whose value begins at the end of `bytes`.
    private mutating func appendName(_ name: FieldName) -> Line {
        let start = bytes.count
        bytes.append(contentsOf: name.spelled)
        let end = bytes.count
        bytes.append(UInt8(ascii: ":"))
        bytes.append(ASCII.space)
        return Line(name: start..<end, value: bytes.count..<bytes.count)
    }

    private mutating func end(_ line: Line) {
        let value = line.value.lowerBound..<bytes.count
        if !isClean(value) {
            for index in value where !ASCII.isFieldValue(bytes[index]) {
                bytes[index] = ASCII.space
            }
        }
        lines.append(Line(name: line.name, value: value))
        bytes.append(ASCII.carriageReturn)
        bytes.append(ASCII.lineFeed)
    }

    private func isClean(_ value: Range<Int>) -> Bool {
        let span = bytes.span
        for index in value where !ASCII.isFieldValue(span[index]) { return false }
        return true
    }

    /// Puts one line in the place of all lines under the name.
    package mutating func set(_ name: FieldName, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Takes away all lines under the name.
    package mutating func remove(_ name: FieldName) {
        guard contains(name) else { return }
        let all = self
        self = Fields()
        for line in all.lines where !all.isNamed(name, line) { append(line, of: all) }
    }

    /// By bytes: what was received need not be UTF-8.
    private mutating func append(_ line: Line, of other: Fields) {
        let offset = bytes.count - line.name.lowerBound
        bytes.append(contentsOf: other.bytes[line.name.lowerBound..<line.value.upperBound])
        bytes.append(ASCII.carriageReturn)
        bytes.append(ASCII.lineFeed)
        lines.append(line.moved(by: offset))
    }
}

extension Fields: Sequence {
    package func makeIterator() -> some IteratorProtocol<(name: FieldName, value: String)> {
        lines.lazy.compactMap { line in
            FieldName(text(line.name)).map { (name: $0, value: text(line.value)) }
        }.makeIterator()
    }
}

extension Fields: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral fields: (FieldName, String)...) {
        self.init()
        for (name, value) in fields {
            append(name, value)
        }
    }
}

/// What the parser and the encoder do with the bytes themselves.
extension Fields {
    /// The length rules out nearly every other name before a byte is compared.
    func isNamed(_ name: FieldName, _ line: Line) -> Bool {
        guard line.name.count == name.folded.count else { return false }
        let start = line.name.lowerBound
        for index in name.folded.indices
        where ASCII.lowercased(bytes[start + index]) != name.folded[index] {
            return false
        }
        return true
    }

    private func line(named name: FieldName) -> Line? {
        for line in lines where isNamed(name, line) { return line }
        return nil
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The members of a value that is a list (RFC 9110 5.6.1), empty ones included.
    func members(of line: Line) -> ListMembers {
        ListMembers(bytes: bytes, rest: line.value)
    }
}

extension Fields.Line {
    fileprivate func moved(by offset: Int) -> Fields.Line {
        Fields.Line(
            name: name.lowerBound + offset..<name.upperBound + offset,
            value: value.lowerBound + offset..<value.upperBound + offset)
    }
}
