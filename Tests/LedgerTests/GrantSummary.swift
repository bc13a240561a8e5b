@testable import Ledger

/// What a day came to, without its times.
struct GrantSummary: Hashable {
    let amount: Int64
    let eligible: Int64
    let granted: Int64
    var capped: Int64 = 0
}

extension GrantOutcome {
    /// nil unless it is done.
    var summary: GrantSummary? {
        guard case .done(let grant) = self, grant.isDone else { return nil }
        return GrantSummary(
            amount: grant.amount, eligible: grant.eligible, granted: grant.granted,
            capped: grant.capped)
    }
}
