/// What a client wants done to a balance.
package enum Change: Hashable, Sendable {
    case add(CreditAmount)
    case deduct(CreditAmount)
    /// Set to zero, whatever it is.
    case reset

    package var kind: EntryKind {
        switch self {
        case .add: .add
        case .deduct: .deduct
        case .reset: .reset
        }
    }
}

/// One write, validated, and not yet decided.
package struct Command: Hashable, Sendable {
    package let user: UserID
    package let change: Change
    package let reason: Reason?
    package let metadata: Metadata?
    package let idempotencyKey: IdempotencyKey?

    package init(
        user: UserID, change: Change, reason: Reason? = nil, metadata: Metadata? = nil,
        idempotencyKey: IdempotencyKey? = nil
    ) {
        self.user = user
        self.change = change
        self.reason = reason
        self.metadata = metadata
        self.idempotencyKey = idempotencyKey
    }
}
