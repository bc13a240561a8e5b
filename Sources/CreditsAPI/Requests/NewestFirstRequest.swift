import HTTP

/// Which page of keys, or of the audit log, is asked for: the newest first.
struct NewestFirstRequest: RequestInput {
    static let limits = 1...200
    static let defaultLimit = 50

    let end: Int64?
    let limit: Int

    init(_ request: IncomingRequest) throws(Problem) {
        var query = QueryReader(request, ["limit", "cursor"])
        limit = query.limit(Self.limits, default: Self.defaultLimit)
        let cursor = query.value(
            "cursor", "cursor must be the next_cursor of an earlier answer, unchanged.",
            PlaceCursor.init(reading:))
        guard query.errors.isEmpty else { throw query.problem }
        end = cursor?.end
    }
}

/// A place in a list whose newest comes first.
struct PlaceCursor: Hashable, Sendable {
    private static let spelling = CursorText(letter: "p")
    static let pattern = spelling.pattern
    static let example = PlaceCursor(end: 50).text

    /// The page has what is numbered below this.
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

extension ParameterDescription {
    static let newestFirstLimit = limit(
        "How many", NewestFirstRequest.limits, default: NewestFirstRequest.defaultLimit)

    static let newestFirstCursor = ParameterDescription(
        name: "cursor", location: .query,
        description: "The `next_cursor` of the page before; the newest if not given.",
        schema: .string(pattern: PlaceCursor.pattern), example: .string(PlaceCursor.example))
}
