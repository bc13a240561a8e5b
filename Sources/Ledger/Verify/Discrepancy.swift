/// What is wrong with a user's numbers: the first thing, in the order of the ledger; what is wrong
/// between entries only where they add up.
package struct Discrepancy: Hashable, Sendable {
    package enum Finding: Hashable, Sendable {
        /// The balance after an entry is not the one before it plus its amount.
        case entryDoesNotFollow(transactionID: Int64, before: Int64, amount: Int64, after: Int64)
        case entryOutOfBounds(transactionID: Int64, after: Int64)
        /// An entry is dated before the one that it follows.
        case timeGoesBack(transactionID: Int64)
        /// The balance is not what the last entry left; `entry` is nil where there is none.
        case balanceDiffers(balance: Int64, lastEntry: Int64?, after: Int64)
        case balanceOutOfBounds(balance: Int64)
        /// The balance names another entry as its last one; nil where it names, or has, none.
        case wrongLastEntry(named: Int64?, lastEntry: Int64?)
        /// There is no balance, and the last entry left one.
        case balanceMissing(lastEntry: Int64, after: Int64)
        /// A transfer's other side, or what a reversal undid, is not there; `named` is nil where
        /// the entry names none.
        case namedEntryMissing(transactionID: Int64, named: NamedEntry?)
        /// It is there, and is not the other side, or not what could be undone so: another amount,
        /// kind, user or order, or it does not name this entry back.
        case namedEntryDiffers(transactionID: Int64, named: NamedEntry)
        /// What a reversal undid, an earlier one had undone.
        case undoneBefore(transactionID: Int64, named: NamedEntry, by: Int64)
    }

    /// What an entry says of the one that it belongs to.
    package struct NamedEntry: Hashable, Sendable {
        package let user: Int64
        package let id: Int64

        package init(user: Int64, id: Int64) {
            self.user = user
            self.id = id
        }
    }

    /// As the table has it; an entry may outlive its user.
    package let user: Int64
    package let finding: Finding
}

extension Discrepancy: CustomStringConvertible {
    package var description: String { "user \(user): \(finding)" }
}

extension Discrepancy.Finding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .entryDoesNotFollow(let id, let before, let amount, let after):
            "entry \(id) makes \(after) of \(before) and \(amount)"
        case .entryOutOfBounds(let id, let after):
            "entry \(id) leaves \(after), which no balance may be"
        case .timeGoesBack(let id):
            "entry \(id) is dated before the one that it follows"
        case .balanceDiffers(let balance, let id?, let after):
            "the balance is \(balance), and the last entry, \(id), left \(after)"
        case .balanceDiffers(let balance, nil, _):
            "the balance is \(balance), and there is no entry"
        case .balanceOutOfBounds(let balance):
            "the balance is \(balance), which no balance may be"
        case .wrongLastEntry(let named, let last):
            "the balance names \(Self.name(named)) as its last, which is \(Self.name(last))"
        case .balanceMissing(let id, let after):
            "there is no balance, and the last entry, \(id), left \(after)"
        case .namedEntryMissing(let id, let named?):
            "entry \(id) names \(named), which is not there"
        case .namedEntryMissing(let id, nil):
            "entry \(id) is half of two, and does not name the other"
        case .namedEntryDiffers(let id, let named):
            "entry \(id) names \(named), which does not match it"
        case .undoneBefore(let id, let named, let earlier):
            "entry \(id) reverses \(named), which entry \(earlier) had reversed"
        }
    }

    private static func name(_ entry: Int64?) -> String { entry.map { "entry \($0)" } ?? "none" }
}

extension Discrepancy.NamedEntry: CustomStringConvertible {
    package var description: String { "entry \(id) of user \(user)" }
}
