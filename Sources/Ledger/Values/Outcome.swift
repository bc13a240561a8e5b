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
    /// nil for a dry run, which makes no entry.
    package var transactionID: Int64?
    /// As in the entry: a transfer's other side, or the entry that was undone.
    package var related: EntryReference?

    package init(
        user: UserID, credits: Int64, lastUpdated: Timestamp, transactionID: Int64?,
        related: EntryReference? = nil
    ) {
        self.user = user
        self.credits = credits
        self.lastUpdated = lastUpdated
        self.transactionID = transactionID
        self.related = related
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
    case transferToSelf
    case recipientNotFound
    /// The user has no entry of the id that is to be reversed.
    case transactionNotFound
    /// Entries of this kind are not undone by reversals.
    case notReversible(EntryKind)
    /// The entry was undone before, by the named transaction.
    case alreadyReversed(by: Int64)
    case insufficientCredits(available: Int64, requested: Int64)
    /// `available` is the room that is left below the upper limit, with the user himself.
    case balanceLimitReached(available: Int64, requested: Int64)
    /// The same with the recipient of a transfer.
    case recipientLimitReached(available: Int64, requested: Int64)
    case applied(Receipt)

    /// What the command answers with where it happened, now or before; nil where it was refused.
    package var receipt: Receipt? {
        switch self {
        case .applied(let receipt), .replayed(let receipt): receipt
        case .userNotFound, .keyReused, .transferToSelf, .recipientNotFound, .transactionNotFound,
            .notReversible, .alreadyReversed, .insufficientCredits, .balanceLimitReached,
            .recipientLimitReached:
            nil
        }
    }

    package var isReplay: Bool {
        if case .replayed = self { true } else { false }
    }
}
