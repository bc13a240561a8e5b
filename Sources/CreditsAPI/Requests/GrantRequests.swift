import HTTP
import Ledger

/// Which days of the daily grant are asked for.
struct GrantCalendarRequest: RequestInput {
    static let longestRange: Int32 = 366
    private static let usualRange: Int32 = 30

    private let from: CalendarDay?
    private let to: CalendarDay?

    init(_ request: IncomingRequest) throws(Problem) {
        var query = QueryReader(request, ["from", "to"])
        from = query.day("from")
        to = query.day("to")
        if let from, let to, to < from {
            query.refuse("to", "to must be the day from, or a later one.")
        } else if let from, let to, Self.distance(from, to) > Self.longestRange {
            query.refuse("to", "to may be \(Self.longestRange) days later than from at most.")
        }
        guard query.errors.isEmpty else { throw query.problem }
    }

    /// nil where `from` is still to come, and nothing said how far to look.
    func range(today: CalendarDay) -> ClosedRange<CalendarDay>? {
        let last = to ?? from.map { min(today, $0.adding(Self.longestRange)) } ?? today
        let first = from ?? last.adding(-Self.usualRange)
        return first <= last ? first...last : nil
    }

    private static func distance(_ first: CalendarDay, _ last: CalendarDay) -> Int32 {
        last.daysSinceUnixEpoch - first.daysSinceUnixEpoch
    }
}

/// A day whose grant is to be run.
struct GrantRunRequest: RequestInput {
    let day: CalendarDay
    let origin: Origin

    init(_ request: IncomingRequest) throws(Problem) {
        day = try request.grantDay()
        origin = request.origin
    }
}

/// Which users are to be held against a day's grant.
struct GrantCoverageRequest: RequestInput {
    static let limits = 1...10_000
    static let defaultLimit = 10_000

    let day: CalendarDay
    let limit: Int
    /// 0 before the first page.
    let after: Int64

    init(_ request: IncomingRequest) throws(Problem) {
        day = try request.grantDay()
        var query = QueryReader(request, ["limit", "cursor"])
        limit = query.limit(Self.limits, default: Self.defaultLimit)
        let cursor = query.cursor(UserCursor.init(reading:))
        guard query.errors.isEmpty else { throw query.problem }
        after = cursor?.number ?? 0
    }
}

extension IncomingRequest {
    fileprivate func grantDay() throws(Problem) -> CalendarDay {
        guard let day = CalendarDay(pathParameter("day")) else {
            throw .invalid(
                .parameter("day", in: .path), "The day must be a day as in 2026-11-22.")
        }
        return day
    }
}

extension QueryReader {
    fileprivate mutating func day(_ name: String) -> CalendarDay? {
        value(name, "\(name) must be a day as in 2026-11-22.", CalendarDay.init)
    }
}

extension CalendarDay {
    fileprivate func adding(_ days: Int32) -> CalendarDay {
        CalendarDay(daysSinceUnixEpoch: daysSinceUnixEpoch + days)
    }
}
