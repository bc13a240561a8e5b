/// A user's row in `credits` as an instance saw it last. It may be outdated at any time: whoever
/// writes by it has the database compare first.
struct KnownBalance: Hashable, Sendable {
    let credits: Int64
    let lastUpdated: Timestamp
    /// The entry that made the balance what it is; 0, which no entry is, where there is none.
    let transactionID: Int64
}

extension KnownBalance {
    /// What the entry leaves behind.
    init(after entry: LedgerEntry) {
        credits = entry.balanceAfter
        lastUpdated = entry.createdAt
        transactionID = entry.transactionID
    }

    /// The same; nil for a dry run, which leaves nothing behind.
    init?(after receipt: Receipt) {
        guard let id = receipt.transactionID else { return nil }
        credits = receipt.credits
        lastUpdated = receipt.lastUpdated
        transactionID = id
    }

    /// For the rules.
    var balance: LedgerState.Balance {
        LedgerState.Balance(credits: credits, lastUpdated: lastUpdated, isStored: true)
    }
}

/// The balances that were seen last, of a bounded number of users.
///
/// Two generations: what is used moves to the younger one, and when that is half of the capacity
/// the older one is forgotten. What was used lately is therefore kept, at the price of one or two
/// look-ups and without a list to maintain.
struct BalanceCache {
    private let halfCapacity: Int
    private var younger: [UserID: KnownBalance] = [:]
    private var older: [UserID: KnownBalance] = [:]

    /// - Parameter capacity: users at most; 0 remembers nobody.
    init(capacity: Int) {
        halfCapacity = capacity / 2
    }

    var count: Int { younger.count + older.count }

    mutating func find(_ user: UserID) -> KnownBalance? {
        if let known = younger[user] { return known }
        guard let known = older.removeValue(forKey: user) else { return nil }
        remember(known, of: user)
        return known
    }

    mutating func remember(_ known: KnownBalance, of user: UserID) {
        guard halfCapacity > 0 else { return }
        older[user] = nil
        younger[user] = known
        guard younger.count >= halfCapacity else { return }
        older = younger
        younger = [:]
    }

    mutating func forget(_ user: UserID) {
        younger[user] = nil
        older[user] = nil
    }
}
