/// Reads one JSON text, by the letter of RFC 8259.
///
/// A recursive descent over the scanner's tokens. Money hangs on what it returns, so it refuses
/// what readers are known to differ about: a name that stands twice in an object, half of a
/// surrogate pair, bytes that are no UTF-8. Its depth is bounded, since each level is a frame on
/// the stack; its time is linear. Numbers keep their spelling and strings their text. Written here,
/// and not left to `JSONDecoder`, because that one hides the position, drops the second of two
/// equal names and the digits of long numbers, and takes ten to twenty times as long for a body of
/// one amount.
struct JSONParser {
    static let maximumDepth = 64

    private var scanner: JSONScanner

    static func parse(_ bytes: [UInt8]) throws(JSONSyntaxError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        // It may be ignored, and must not be sent (RFC 8259, 8.1): readers differ about it.
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw parser.scanner.error("a byte order mark is no part of JSON; send it without")
        }
        parser.scanner.skipSpace()
        let value = try parser.parseValue(depth: 0)
        parser.scanner.skipSpace()
        guard parser.scanner.isAtEnd else {
            throw parser.scanner.error("there is more after the end of the JSON text")
        }
        return value
    }

    private init(bytes: [UInt8]) {
        scanner = JSONScanner(bytes: bytes)
    }

    // MARK: - Values

    private mutating func parseValue(depth: Int) throws(JSONSyntaxError) -> JSONValue {
        guard depth < Self.maximumDepth else {
            throw scanner.error("arrays and objects stand in each other more than 64 deep")
        }
        guard let byte = scanner.peek else {
            throw scanner.error("the text ends where a value is expected")
        }
        switch byte {
        case UInt8(ascii: "{"): return .object(try parseObject(depth: depth))
        case UInt8(ascii: "["): return .array(try parseArray(depth: depth))
        case UInt8(ascii: "\""): return .string(try scanner.scanString())
        case UInt8(ascii: "t"): return try scanner.scanWord("true", .bool(true))
        case UInt8(ascii: "f"): return try scanner.scanWord("false", .bool(false))
        case UInt8(ascii: "n"): return try scanner.scanWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return .number(try scanner.scanNumber())
        default: throw scanner.error("a value is expected")
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONSyntaxError) -> JSONObject {
        scanner.index += 1
        var members: [JSONObject.Member] = []
        var names = NameSet()
        scanner.skipSpace()
        if scanner.take(UInt8(ascii: "}")) { return JSONObject() }
        while true {
            guard scanner.peek == UInt8(ascii: "\"") else {
                throw scanner.error("a member's name in double quotes is expected")
            }
            let start = scanner.index
            let name = try scanner.scanString()
            guard names.insert(name, beside: members) else {
                scanner.index = start
                throw scanner.error("this member's name stands in the object a second time")
            }
            scanner.skipSpace()
            guard scanner.take(UInt8(ascii: ":")) else {
                throw scanner.error("a colon is expected")
            }
            scanner.skipSpace()
            members.append(.init(name: name, value: try parseValue(depth: depth + 1)))
            scanner.skipSpace()
            if scanner.take(UInt8(ascii: "}")) { return JSONObject(members) }
            guard scanner.take(UInt8(ascii: ",")) else {
                throw scanner.error("a comma or } is expected")
            }
            scanner.skipSpace()
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONSyntaxError) -> [JSONValue] {
        scanner.index += 1
        var elements: [JSONValue] = []
        scanner.skipSpace()
        if scanner.take(UInt8(ascii: "]")) { return [] }
        while true {
            elements.append(try parseValue(depth: depth + 1))
            scanner.skipSpace()
            if scanner.take(UInt8(ascii: "]")) { return elements }
            guard scanner.take(UInt8(ascii: ",")) else {
                throw scanner.error("a comma or ] is expected")
            }
            scanner.skipSpace()
        }
    }
}

/// The names of an object's members so far, as bytes: String would count two spellings of one
/// accent as equal. A few are compared one by one; many go into a set, so that a body of a hundred
/// thousand members takes no quadratic time.
private struct NameSet {
    private static let comparedOneByOne = 16
    private var names: Set<[UInt8]> = []

    /// False where the name is there already.
    mutating func insert(_ name: String, beside members: [JSONObject.Member]) -> Bool {
        if members.count < Self.comparedOneByOne {
            return !members.contains { $0.name.utf8.elementsEqual(name.utf8) }
        }
        if names.isEmpty { names = Set(members.map { Array($0.name.utf8) }) }
        return names.insert(Array(name.utf8)).inserted
    }
}
