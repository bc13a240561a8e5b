import HTTP
import Ledger

struct GrantDayAnswer: Answer {
    let grant: DailyGrant

    func response() -> Response { .json(.ok, grant.json) }
}

struct GrantCalendarAnswer: Answer {
    let days: [DailyGrant]

    func response() -> Response { .json(.ok, ["days": .array(days.map(\.json))]) }
}

struct GrantCoverageAnswer: Answer {
    let grant: DailyGrant
    let coverage: GrantCoverage

    func response() -> Response {
        .json(
            .ok,
            [
                "day": .string("\(grant.day)"), "amount": .integer(grant.amount),
                "status": .string(grant.status.rawValue),
                "eligible": .integer(coverage.eligible), "granted": .integer(coverage.granted),
                "capped": .integer(coverage.capped),
                "missing": .array(coverage.missing.map { .integer($0) }),
                "next_cursor": coverage.next.map { .string(UserCursor(number: $0).text) } ?? .null,
            ])
    }
}

extension DailyGrant {
    fileprivate var json: JSONValue {
        [
            "day": .string("\(day)"), "amount": .integer(amount),
            "status": .string(status.rawValue), "eligible": .integer(eligible),
            "granted": .integer(granted), "capped": .integer(capped),
            "started_at": startedAt.map { .string($0.rfc3339) } ?? .null,
            "finished_at": finishedAt.map { .string($0.rfc3339) } ?? .null,
        ]
    }
}
