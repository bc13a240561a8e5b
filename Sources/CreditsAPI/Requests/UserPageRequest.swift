import HTTP
import Ledger

/// Which page of users is asked for.
struct UserPageRequest: RequestInput {
    static let limits = 1...200
    static let defaultLimit = 50

    let after: UserID?
    let limit: Int

    init(_ request: IncomingRequest) throws(Problem) {
        var query = QueryReader(request, ["limit", "cursor"])
        limit = query.limit(Self.limits, default: Self.defaultLimit)
        let cursor = query.value(
            "cursor", "cursor must be the next_cursor of an earlier answer, unchanged.",
            UserCursor.init(reading:))
        guard query.errors.isEmpty else { throw query.problem }
        after = cursor.flatMap { UserID($0.after) }
    }
}

/// A place in the list of users.
struct UserCursor: Hashable, Sendable {
    private static let spelling = CursorText(letter: "u")
    static let pattern = spelling.pattern
    static let example = UserCursor(after: 50).text

    /// The number of the last user of the page before; 0 before the first page.
    let after: Int64

    init(after: Int64) {
        self.after = after
    }

    init?(reading text: String) {
        guard let after = Self.spelling.number(in: text) else { return nil }
        self.after = after
    }

    var text: String { Self.spelling.of(after) }
}
