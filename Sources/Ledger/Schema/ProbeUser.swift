import Postgres

/// A user that exists within a savepoint only, with an entry of every kind.
struct ProbeUser: Sendable {
    let user: User
    let entries: [LedgerEntry]

    static let entryCount = EntryKind.allCases.count

    /// What is known before the user is made.
    struct Draft: Sendable {
        let user: NewUser
        let ids: [Int64]
        let moment: Timestamp

        init(_ drawn: Rows) throws(PostgresError) {
            (ids, moment) = try drawn.only.decode([Int64].self, Timestamp.self)
            // An address that nobody has (RFC 2606, 2).
            let email = "probe-\(ids[0])@schema-change.invalid"
            guard let user = NewUser(email: email, name: "Probe") else {
                preconditionFailure("the probe's user is no user")
            }
            self.user = user
        }
    }

    private let draft: Draft

    /// - Throws: `cannotDecode` where a rule or a trigger kept the user from being made.
    init(_ draft: Draft, user rows: Rows) throws(PostgresError) {
        self.draft = draft
        let user = try User(rows.only)
        self.user = user
        var balance: Int64 = 0
        entries = zip(EntryKind.allCases, draft.ids).enumerated().map { place, drawn in
            let (kind, id) = drawn
            let amount = Self.amount(of: kind, from: balance)
            balance += amount
            return LedgerEntry(
                user: user.id, transactionID: id, kind: kind, amount: amount,
                balanceAfter: balance, createdAt: draft.moment.later(by: Int64(place)),
                reason: Reason(String(repeating: "r", count: Reason.maximumCharacters)),
                metadata: Metadata(json: "{}"),
                idempotencyKey: IdempotencyKey("\(kind.rawValue)-" + Self.keyFilling(kind)),
                related: Self.hasOther(kind)
                    ? EntryReference(user: user.id, transactionID: draft.ids[0]) : nil)
        }
    }

    /// To both limits of a balance, and back.
    private static func amount(of kind: EntryKind, from balance: Int64) -> Int64 {
        switch kind {
        case .add: BalanceLimits.range.upperBound
        case .reset: -balance
        case .deduct, .transferOut, .reversal: -1
        case .dailyGrant, .opening, .external, .transferIn: 1
        }
    }

    private static func keyFilling(_ kind: EntryKind) -> String {
        let length = IdempotencyKey.lengths.upperBound - kind.rawValue.utf8.count - 1
        return String(repeating: "k", count: length)
    }

    private static func hasOther(_ kind: EntryKind) -> Bool {
        [.transferOut, .transferIn, .reversal].contains(kind)
    }

    /// Commands that look up an entry by its key, and one to reverse.
    var commands: [Command] {
        [
            Command(user: user.id, change: .reset, idempotencyKey: entries[0].idempotencyKey),
            Command(user: user.id, change: .reversal(of: entries[0].transactionID)),
        ]
    }

    /// The second entry, as a write by difference.
    var deduction: DeltaPlan {
        let entry = entries[1]
        guard let amount = CreditAmount(-entry.amount) else {
            preconditionFailure("the probe's second entry deducts")
        }
        let command = Command(
            user: user.id, change: .deduct(amount), reason: entry.reason,
            metadata: entry.metadata, idempotencyKey: entry.idempotencyKey)
        return DeltaPlan(
            [WriteRequest(command)], moment: entry.createdAt,
            transactionIDs: [entry.transactionID])
    }

    var storedEntries: Statement {
        """
        SELECT \(unescaped: LedgerEntry.columns) FROM credit_transactions t
        WHERE user_id = \(user.id.rawValue) ORDER BY transaction_id
        """
    }

    /// What is otherwise than it was written.
    func findings(balance: Int64?, stored: [LedgerEntry]) -> [String] {
        var findings: [String] = []
        if user.email != draft.user.email || user.name != draft.user.name {
            findings.append("a new user's e-mail or name was not kept as it was written")
        }
        let written = entries[entries.count - 1].balanceAfter
        if balance != written {
            let told = balance.map { "\($0)" } ?? "missing"
            findings.append("a balance of \(written) was read as \(told)")
        }
        if stored != entries {
            findings.append("the ledger has other entries than were written")
        }
        return findings
    }

    /// Rows that were written besides the service's own.
    func findings(
        effects: [Int64: SessionEffects.Count], in tables: ServiceTables
    ) -> [String] {
        // Two grants add an entry each, and a deletion closes the balance.
        let expected: [(String, SessionEffects.Count)] = [
            ("credit_transactions", .init(inserted: Int64(entries.count) + 2)),
            ("credits", .init(inserted: 1, updated: 5)),
        ]
        return expected.compactMap { table, expected in
            var found = SessionEffects.Count()
            for (id, count) in effects where tables.ledgerTables[id] == table {
                found.inserted += count.inserted
                found.updated += count.updated
                found.deleted += count.deleted
            }
            guard found != expected else { return nil }
            return "writing \(expected.inserted) and updating \(expected.updated) rows of "
                + "\(table) became \(found.inserted), \(found.updated), and "
                + "\(found.deleted) deleted"
        }
    }
}
