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

    /// Where a field lies in `bytes`: the value without the white space around it.
    struct Line: Sendable {
        var start: Int
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
        lines.first { isNamed(name.spelling, $0) }.map { text($0.value) }
    }

    /// Every value under the name, one a line.
    package func values(of name: FieldName) -> [String] {
        lines.filter { isNamed(name.spelling, $0) }.map { text($0.value) }
    }

    package func contains(_ name: FieldName) -> Bool {
        lines.contains { isNamed(name.spelling, $0) }
    }

    /// Adds a line after the others.
    ///
    /// A byte that no value may hold (CR, LF, NUL, any other control) becomes a space, as
    /// RFC 9110 5.5 has it: no value can end its line and start another.
    package mutating func append(_ name: FieldName, _ value: String) {
        if lines.isEmpty { reserveForAnswer() }
        let start = bytes.count
        bytes.append(name.spelling)
        let nameEnd = bytes.count
        bytes.append(": ")
        let valueStart = bytes.count
        bytes.append(value)
        for index in valueStart..<bytes.count where !ASCII.isFieldValue(bytes[index]) {
            bytes[index] = ASCII.space
        }
        lines.append(
            Line(start: start, name: start..<nameEnd, value: valueStart..<bytes.count))
        bytes.append("\r\n")
    }

    /// One allocation each serves the usual answer.
    private mutating func reserveForAnswer() {
        bytes.reserveCapacity(256)
        lines.reserveCapacity(6)
    }

    /// Puts one line in the place of all lines under the name.
    package mutating func set(_ name: FieldName, _ value: String) {
        remove(name)
        append(name, value)
    }

    /// Takes away all lines under the name.
    package mutating func remove(_ name: FieldName) {
        guard contains(name) else { return }
        let rest = filter { $0.name != name }
        self = Fields()
        for field in rest {
            append(field.name, field.value)
        }
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
    func isNamed(_ name: String, _ line: Line) -> Bool {
        guard line.name.count == name.utf8.count else { return false }
        var index = line.name.lowerBound
        for byte in name.utf8 {
            guard ASCII.lowercased(bytes[index]) == ASCII.lowercased(byte) else { return false }
            index += 1
        }
        return true
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    /// The members of a value that is a list (RFC 9110 5.6.1), empty ones included.
    func members(of line: Line) -> ListMembers {
        ListMembers(bytes: bytes, rest: line.value)
    }
}
