import HTTP
import Ledger

/// The part of the table that shows and runs the daily grant.
extension RouteTable {
    static let grants: [Route] = [
        Route(
            method: .get, path: "/api/grants/daily",
            operationID: "listDailyGrants", tag: .grants,
            summary: "Read the calendar of the daily grant",
            description: "Each day of the range that has a grant, oldest first: what it gives, "
                + "how far it is, and how many users it has reached. A day that is due and that "
                + "no instance has begun is `pending`; one that was missed and is not made up is "
                + "`skipped`. Query parameters that this call does not know are refused.",
            parameters: [.firstGrantDay, .lastGrantDay],
            responses: [.json(.ok, "The days.", .grantCalendar, example: Example.grantCalendar)],
            problems: [.invalidValue] + .database,
            access: .requires(.readCredits),
            handler: .waiting(GrantEndpoints.calendar)),
        Route(
            method: .get, path: "/api/grants/daily/{day}/coverage",
            operationID: "getDailyGrantCoverage", tag: .grants,
            summary: "Prove that a day's grant reached everybody",
            description: "Holds the users who existed at the day's midnight against their ledger "
                + "entries, in the order of their numbers: `eligible` is `granted` and `capped` "
                + "together, and else `missing` names who is left. A page looks at `limit` users; "
                + "ask again with its `next_cursor` until it is null, and add the pages up.",
            parameters: [.grantDay, .coverageLimit, .cursor],
            responses: [
                .json(.ok, "A page of users.", .grantCoverage, example: Example.grantCoverage)
            ],
            problems: [.invalidValue, .notFound] + .database,
            access: .requires(.readCredits),
            handler: .waiting(GrantEndpoints.coverage)),
        Route(
            method: .post, path: "/api/grants/daily/{day}/run",
            operationID: "runDailyGrant", tag: .grants,
            summary: "Run a day's grant",
            description: "Grants the day, or what is left of it, and answers when it is done. It "
                + "may be sent again at any time: a user gets a day's grant once, a day that was "
                + "cut short is finished, and in one that is done only users who are missing get "
                + "it. No body is needed.",
            parameters: [.grantDay],
            responses: [.json(.ok, "The day is done.", .grantDay, example: Example.grantDay)],
            problems: [.invalidValue, .databaseRule] + .database,
            access: .requires(.runGrants),
            handler: .waiting(GrantEndpoints.run)),
    ]
}

extension ParameterDescription {
    static let grantDay = ParameterDescription(
        name: "day", location: .path, description: "The day, in UTC.", isRequired: true,
        schema: .string(format: "date"), example: "2026-11-22")

    static let firstGrantDay = ParameterDescription(
        name: "from", location: .query,
        description: "The first day; thirty days before the last one if not given.",
        schema: .string(format: "date"), example: "2026-11-01")

    static let lastGrantDay = ParameterDescription(
        name: "to", location: .query,
        description: "The last day, at most \(GrantCalendarRequest.longestRange) days later; if "
            + "not given, today or the last that may be asked for, whichever is earlier.",
        schema: .string(format: "date"), example: "2026-11-22")

    static let coverageLimit = ParameterDescription(
        name: "limit", location: .query,
        description: "How many users to look at; \(GrantCoverageRequest.defaultLimit) if not "
            + "given.",
        schema: JSONSchema(
            kinds: [.integer], minimum: Int64(GrantCoverageRequest.limits.lowerBound),
            maximum: Int64(GrantCoverageRequest.limits.upperBound)), example: 10_000)
}

extension Example {
    static let grantDay: JSONValue = [
        "day": "2026-11-22", "amount": 5, "status": "done", "eligible": 3, "granted": 2,
        "capped": 1, "started_at": "2026-11-22T00:00:00.018204Z",
        "finished_at": "2026-11-22T00:00:00.093827Z",
    ]
    static let grantCalendar: JSONValue = ["days": [grantDay]]
    static let grantCoverage: JSONValue = [
        "day": "2026-11-22", "amount": 5, "status": "done", "eligible": 3, "granted": 2,
        "capped": 1, "missing": [], "next_cursor": .null,
    ]
}
