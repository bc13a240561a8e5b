import HTTP
import Ledger

/// Which page of a user's ledger is asked for.
struct HistoryRequest: RequestInput {
    static let limits = 1...200
    static let defaultLimit = 50

    let user: UserID
    let filter: HistoryFilter
    let limit: Int
    /// Only entries below this transaction id; nil for the first page.
    let end: Int64?

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
        var query = QueryReader(
            request, ["limit", "cursor", "from", "to", "idempotency_key"], repeatable: ["kind"])
        limit = query.limit(Self.limits, default: Self.defaultLimit)
        filter = HistoryFilter(reading: &query)
        let cursor = query.cursor(HistoryCursor.init(reading:))
        if let cursor, query.errors.isEmpty, !cursor.isOf(user, filter) {
            query.refuse(
                "cursor",
                "cursor is of another user or of other filters than these: send it with "
                    + "those that it was given for.")
        }
        guard query.errors.isEmpty else { throw query.problem }
        end = cursor?.end
    }
}

extension HistoryFilter {
    fileprivate init(reading query: inout QueryReader) {
        self.init()
        let known = EntryKind.allCases.map(\.rawValue).joined(separator: ", ")
        kinds = Set(query.all("kind", "kind must be one of \(known).", EntryKind.init(rawValue:)))
        from = query.moment("from")
        to = query.moment("to")
        if let from, let to, from >= to {
            query.refuse("to", "to must be later than from: entries are from `from`, before `to`.")
        }
        idempotencyKey = query.value(
            "idempotency_key", "idempotency_key must be 1 to 255 visible ASCII characters.",
            IdempotencyKey.init)
    }
}
