import HTTP

/// Which page of a list is asked for.
struct PageRequest<Cursor: PageCursor>: RequestInput {
    static var limits: ClosedRange<Int> { 1...200 }
    static var defaultLimit: Int { 50 }

    /// nil for the first page.
    let cursor: Cursor?
    let limit: Int

    init(_ request: IncomingRequest) throws(Problem) {
        var query = QueryReader(request, ["limit", "cursor"])
        limit = query.limit(Self.limits, default: Self.defaultLimit)
        cursor = query.cursor(Cursor.init(reading:))
        guard query.errors.isEmpty else { throw query.problem }
    }
}

extension ParameterDescription {
    static let limit = limit(
        "How many users", PageRequest<UserCursor>.limits,
        default: PageRequest<UserCursor>.defaultLimit)

    static let cursor = cursor(of: UserCursor.self, "the first page")

    static let newestFirstLimit = limit(
        "How many", PageRequest<PlaceCursor>.limits,
        default: PageRequest<PlaceCursor>.defaultLimit)

    static let newestFirstCursor = cursor(of: PlaceCursor.self, "the newest")

    private static func cursor(
        of type: (some PageCursor).Type, _ otherwise: String
    ) -> ParameterDescription {
        ParameterDescription(
            name: "cursor", location: .query,
            description: "The `next_cursor` of the page before; \(otherwise) if not given.",
            schema: .string(pattern: type.spelling.pattern), example: .string(type.example))
    }
}
