/// A user's balance and the time of its last change; for a balance that never changed, the time at
/// which the user was created.
package struct Account: Hashable, Sendable {
    package let user: UserID
    package let credits: Int64
    package let lastUpdated: Timestamp

    package init(user: UserID, credits: Int64, lastUpdated: Timestamp) {
        self.user = user
        self.credits = credits
        self.lastUpdated = lastUpdated
    }
}

/// What a write that happened is answered with. A retry gets the same receipt again.
package struct Receipt: Hashable, Sendable {
    package let user: UserID
    package let credits: Int64
    package let lastUpdated: Timestamp
    package let transactionID: Int64

    package init(user: UserID, credits: Int64, lastUpdated: Timestamp, transactionID: Int64) {
        self.user = user
        self.credits = credits
        self.lastUpdated = lastUpdated
        self.transactionID = transactionID
    }
}

/// What became of a command. The cases stand in order of precedence: where two would fit, the
/// earlier one is the answer.
package enum Outcome: Hashable, Sendable {
    case userNotFound
    /// The key already stands for a write that differs in the named member.
    case keyReused(differing: String)
    /// The key already stands for this very write; nothing was moved now.
    case replayed(Receipt)
    case insufficientCredits(available: Int64, requested: Int64)
    /// `available` is the room that is left below the upper limit.
    case balanceLimitReached(available: Int64, requested: Int64)
    case applied(Receipt)
}
