import HTTP
import Ledger

/// A user's balance, now or as it was.
struct BalanceRequest: RequestInput {
    let user: UserID
    /// nil for now.
    let moment: Timestamp?

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
        // Nearly every request of all is one without a query.
        guard request.request.target.query != nil else {
            moment = nil
            return
        }
        // The service that this one replaces ignored every query, and front ends add `?_=1` against
        // caches.
        var query = QueryReader(request, ["at"], ignoresOthers: true)
        moment = query.moment("at")
        guard query.errors.isEmpty else { throw query.problem }
    }
}
