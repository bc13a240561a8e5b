import Ledger

/// What was: a user's ledger, and balances at a time.
enum HistoryEndpoints {
    static func transactions(
        _ request: HistoryRequest, _ context: APIContext
    ) async throws(Problem) -> HistoryAnswer {
        let page: HistoryPage?
        do {
            page = try await context.service.history(
                of: request.user, request.filter, below: request.end, limit: request.limit)
        } catch {
            throw Problem(error)
        }
        guard let page else { throw .userNotFound }
        return HistoryAnswer(request: request, page: page)
    }

    static func balance(
        of user: UserID, at moment: Timestamp, _ context: APIContext
    ) async throws(Problem) -> Account {
        let balance: PastBalance?
        do {
            balance = try await context.service.balance(of: user, at: moment)
        } catch {
            throw Problem(error)
        }
        switch balance {
        case .known(let account): return account
        case .stillToCome(let now):
            throw .invalid(
                .parameter("at", in: .query),
                "at is still to come: it is \(now.rfc3339) by the database's clock. For the "
                    + "balance now, leave at out.")
        case nil: throw .userNotFound
        }
    }
}
