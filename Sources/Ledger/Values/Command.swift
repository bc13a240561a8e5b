/// What a client wants done to a balance.
package enum Change: Hashable, Sendable {
    case add(CreditAmount)
    case deduct(CreditAmount)
    /// Set to zero, whatever it is.
    case reset
    /// Move credits to another user.
    case transfer(CreditAmount, to: UserID)
    /// Undo the user's entry of this transaction id, by an entry of the opposite amount.
    case reversal(of: Int64)

    /// The kind of the entry that the command's own user gets.
    package var kind: EntryKind {
        switch self {
        case .add: .add
        case .deduct: .deduct
        case .reset: .reset
        case .transfer: .transferOut
        case .reversal: .reversal
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
    /// Whose key it came with. The same write with another key is still the same write.
    package let actor: ActorName?

    package init(
        user: UserID, change: Change, reason: Reason? = nil, metadata: Metadata? = nil,
        idempotencyKey: IdempotencyKey? = nil, actor: ActorName? = nil
    ) {
        self.user = user
        self.change = change
        self.reason = reason
        self.metadata = metadata
        self.idempotencyKey = idempotencyKey
        self.actor = actor
    }

    /// The other user whose balance it moves.
    package var recipient: UserID? {
        if case .transfer(_, let recipient) = change { recipient } else { nil }
    }

    /// How many entries it makes where it is applied, and so how many transaction ids it needs.
    package var entryCount: Int { recipient == nil ? 1 : 2 }
}

extension [Command] {
    /// Whose balances they move.
    var users: Set<UserID> { Set(map(\.user)).union(compactMap(\.recipient)) }
}
