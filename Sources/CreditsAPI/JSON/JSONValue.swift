/// A JSON text's value (RFC 8259). Objects keep the order of their members, numbers their digits.
enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// What a client is told that it sent: "a string", "the number 2.5".
    var kind: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number: "a number"
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// The members of a JSON object, in order; a name stands in it once.
struct JSONObject: Hashable, Sendable {
    struct Member: Hashable, Sendable {
        let name: String
        var value: JSONValue
    }

    private(set) var members: [Member]

    /// The caller vouches for the names being different ones.
    init(_ members: [Member] = []) {
        self.members = members
    }

    subscript(name: String) -> JSONValue? {
        members.first { $0.name == name }?.value
    }

    /// Adds a member, or replaces the one of that name where it stands.
    mutating func set(_ name: String, _ value: JSONValue) {
        guard let index = members.firstIndex(where: { $0.name == name }) else {
            members.append(Member(name: name, value: value))
            return
        }
        members[index].value = value
    }
}

// Literals, so that examples and documents read as the JSON they become.

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByNilLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    init(stringLiteral value: String) { self = .string(value) }
    init(integerLiteral value: Int64) { self = .number(JSONNumber(value)) }
    init(booleanLiteral value: Bool) { self = .bool(value) }
    init(nilLiteral: ()) { self = .null }
    init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(JSONObject(elements.map { JSONObject.Member(name: $0.0, value: $0.1) }))
    }

    static func integer(_ value: some BinaryInteger) -> JSONValue {
        .number(JSONNumber(Int64(value)))
    }
}
