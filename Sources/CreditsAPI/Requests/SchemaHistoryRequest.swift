import HTTP

/// Which page of the schema's changes is asked for.
struct SchemaHistoryRequest: RequestInput {
    static let limits = 1...200
    static let defaultLimit = 50

    let limit: Int
    /// Only changes below this number; nil for the first page.
    let end: Int64?

    init(_ request: IncomingRequest) throws(Problem) {
        var query = QueryReader(request, ["limit", "cursor"])
        limit = query.limit(Self.limits, default: Self.defaultLimit)
        let cursor = query.value(
            "cursor", "cursor must be the next_cursor of an earlier answer, unchanged.",
            SchemaCursor.init(reading:))
        guard query.errors.isEmpty else { throw query.problem }
        end = cursor?.end
    }
}

/// A place in the list of schema changes, in a form that invites nobody to compute with it.
struct SchemaCursor: Hashable, Sendable {
    /// Sixteen hexadecimal digits of which the first is at most 7: what Int64 can hold.
    static let pattern = "^s[0-7][0-9a-f]{15}$"
    static let example = SchemaCursor(end: 50).text

    /// The page has changes below this number.
    let end: Int64

    init(end: Int64) {
        self.end = end
    }

    init?(reading text: String) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "s"), digits.count == 16,
            text.dropFirst().allSatisfy({ $0.isHexDigit && !$0.isUppercase }),
            let end = Int64(Substring(digits), radix: 16)
        else { return nil }
        self.end = end
    }

    var text: String {
        let digits = String(end, radix: 16)
        return "s" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
