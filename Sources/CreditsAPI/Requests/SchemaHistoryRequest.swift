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

/// A place in the list of schema changes.
struct SchemaCursor: Hashable, Sendable {
    private static let spelling = CursorText(letter: "s")
    static let pattern = spelling.pattern
    static let example = SchemaCursor(end: 50).text

    /// The page has changes below this number.
    let end: Int64

    init(end: Int64) {
        self.end = end
    }

    init?(reading text: String) {
        guard let end = Self.spelling.number(in: text) else { return nil }
        self.end = end
    }

    var text: String { Self.spelling.of(end) }
}
