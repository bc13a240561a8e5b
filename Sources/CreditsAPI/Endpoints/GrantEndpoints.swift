import HTTP
import Ledger

/// The daily grant: what it did, whom it reached, and to run it again.
enum GrantEndpoints {
    static func calendar(
        _ request: GrantCalendarRequest, _ context: APIContext
    ) async throws(Problem) -> GrantCalendarAnswer {
        do {
            let today = try await context.service.grants.today()
            guard let range = request.range(today: today) else {
                return GrantCalendarAnswer(days: [])
            }
            return GrantCalendarAnswer(days: try await context.service.grants.days(range))
        } catch {
            throw Problem(error)
        }
    }

    static func coverage(
        _ request: GrantCoverageRequest, _ context: APIContext
    ) async throws(Problem) -> GrantCoverageAnswer {
        let found: (grant: DailyGrant, coverage: GrantCoverage)?
        do {
            found = try await context.service.grants.coverage(
                of: request.day, usersAbove: request.after, limit: request.limit)
        } catch {
            throw Problem(error)
        }
        guard let found else {
            throw Problem(
                type: .notFound,
                detail: "There is no daily grant of \(request.day): see /api/grants/daily for the "
                    + "days there are.")
        }
        return GrantCoverageAnswer(grant: found.grant, coverage: found.coverage)
    }

    static func run(
        _ request: GrantRunRequest, _ context: APIContext
    ) async throws(Problem) -> GrantDayAnswer {
        let outcome: GrantOutcome
        do {
            outcome = try await context.service.grants.run(request.day, by: request.origin)
        } catch {
            throw .interrupted(by: error)
        }
        switch outcome {
        case .done(let grant): return GrantDayAnswer(grant: grant)
        case .notYet(let today):
            throw .invalid(
                .parameter("day", in: .path),
                "\(request.day) is still to come: it is \(today) by the database's clock. Nothing "
                    + "was granted.")
        case .turnedOff:
            throw .invalid(
                .parameter("day", in: .path),
                "The daily grant is turned off (DAILY_GRANT_AMOUNT is 0), and \(request.day) was "
                    + "not begun before. Nothing was granted.")
        }
    }
}

extension Problem {
    /// A day is granted in many transactions: those before the fault stay.
    fileprivate static func interrupted(by error: LedgerError) -> Problem {
        switch error {
        case .unavailable, .overloaded, .outcomeUnknown:
            Problem(
                type: .unavailable,
                detail:
                    "The day is not done: some users may have been granted. Send the call again; "
                    + "nobody is granted twice. Where another session keeps balances locked, the "
                    + "service's log tells how many users are left.",
                fields: [retryAfter])
        case .forbidden(let cause):
            Problem(
                type: .databaseRule,
                detail:
                    "The database has a rule of its own that forbids this. The day is not done: "
                    + "some users may have been granted, and nobody is granted twice. What "
                    + "PostgreSQL said is in the service's log, under this request_id.",
                cause: cause)
        case .failed: Problem(error)
        }
    }
}
