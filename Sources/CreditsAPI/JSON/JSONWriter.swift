extension JSONValue {
    enum Layout: Sendable {
        /// Without white space.
        case compact
        /// Two spaces a level, and a line feed at the end: for files that people read.
        case indented
    }

    /// The value as UTF-8.
    func encoded(_ layout: Layout = .compact) -> [UInt8] {
        var writer = JSONWriter(isIndented: layout == .indented)
        writer.write(self, depth: 0)
        if layout == .indented { writer.output.append(UInt8(ascii: "\n")) }
        return writer.output
    }

    /// The value with every object's members in the order of their names, so that two spellings of
    /// one value become one.
    var sorted: JSONValue {
        switch self {
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let object):
            .object(
                JSONObject(
                    object.members
                        .map { JSONObject.Member(name: $0.name, value: $0.value.sorted) }
                        .sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }))
        case .null, .bool, .number, .string: self
        }
    }
}

private struct JSONWriter {
    let isIndented: Bool
    var output: [UInt8] = []

    mutating func write(_ value: JSONValue, depth: Int) {
        switch value {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): output.append(contentsOf: number.lexeme.utf8)
        case .string(let text): output.appendJSONString(text)
        case .array(let elements): writeArray(elements, depth: depth)
        case .object(let object): writeObject(object, depth: depth)
        }
    }

    private mutating func writeArray(_ elements: [JSONValue], depth: Int) {
        output.append(UInt8(ascii: "["))
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            breakLine(depth: depth + 1)
            write(element, depth: depth + 1)
        }
        if !elements.isEmpty { breakLine(depth: depth) }
        output.append(UInt8(ascii: "]"))
    }

    private mutating func writeObject(_ object: JSONObject, depth: Int) {
        output.append(UInt8(ascii: "{"))
        for (index, member) in object.members.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            breakLine(depth: depth + 1)
            output.appendJSONString(member.name)
            output.append(contentsOf: (isIndented ? ": " : ":").utf8)
            write(member.value, depth: depth + 1)
        }
        if !object.members.isEmpty { breakLine(depth: depth) }
        output.append(UInt8(ascii: "}"))
    }

    private mutating func breakLine(depth: Int) {
        guard isIndented else { return }
        output.append(UInt8(ascii: "\n"))
        output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
    }
}

extension [UInt8] {
    /// The text as a JSON string (RFC 8259, 7): what must be escaped is, and nothing else.
    mutating func appendJSONString(_ text: String) {
        append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(UInt8(ascii: "\\"))
                append(byte)
            case UInt8(ascii: "\n"): append(contentsOf: "\\n".utf8)
            case UInt8(ascii: "\r"): append(contentsOf: "\\r".utf8)
            case UInt8(ascii: "\t"): append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
                append(contentsOf: digits.utf8)
            default: append(byte)
            }
        }
        append(UInt8(ascii: "\""))
    }
}
