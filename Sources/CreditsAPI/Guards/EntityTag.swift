import HTTP

/// What tells one state of a document from another (RFC 9110 8.8.3).
struct EntityTag: Hashable, Sendable {
    /// With its quotes.
    let opaque: ArraySlice<UInt8>
    let isWeak: Bool

    /// A strong one, of a document's bytes: FNV-1a in 64 bits, and the length. It tells versions
    /// of our own documents apart, and protects nothing.
    static func text(of document: [UInt8]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in document { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return "\"\(String(document.count, radix: 16))-\(String(hash, radix: 16))\""
    }
}

/// What `If-Match` and `If-None-Match` name (RFC 9110 13.1.1, 13.1.2).
enum EntityTags: Hashable, Sendable {
    /// `*`: whatever there is.
    case any
    case these([EntityTag])
    /// Breaks the syntax of the field.
    case unreadable

    /// nil where the field is not there.
    init?(_ name: FieldName, in fields: Fields) {
        guard let first = fields.value(of: name) else { return nil }
        // Several lines are one list (5.3).
        let value =
            fields.count(of: name) == 1
            ? first : Array(fields.values(of: name).joined(separator: ",").utf8)[...]
        if value.elementsEqual([UInt8(ascii: "*")]) {
            self = .any
        } else {
            self = Self.tags(in: value).map(Self.these) ?? .unreadable
        }
    }

    /// nil where the value is no list of tags.
    private static func tags(in value: ArraySlice<UInt8>) -> [EntityTag]? {
        var tags: [EntityTag] = []
        var rest = value.drop(while: isBetween)
        while !rest.isEmpty {
            let isWeak = rest.starts(with: "W/".utf8)
            if isWeak { rest = rest.dropFirst(2) }
            guard rest.first == quote, let end = rest.dropFirst().firstIndex(of: quote) else {
                return nil
            }
            tags.append(EntityTag(opaque: rest[...end], isWeak: isWeak))
            rest = rest[(end + 1)...].drop(while: isSpace)
            guard rest.isEmpty || rest.first == comma else { return nil }
            rest = rest.drop(while: isBetween)
        }
        return tags.isEmpty ? nil : tags
    }

    private static let quote = UInt8(ascii: "\"")
    private static let comma = UInt8(ascii: ",")

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
    private static func isBetween(_ byte: UInt8) -> Bool { isSpace(byte) || byte == comma }
}
