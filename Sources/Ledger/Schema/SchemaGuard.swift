/// What SQL must leave alone, each under the name that a client may rely on.
package enum SchemaGuard: String, Hashable, Sendable, CaseIterable {
    /// Tables, columns, types, keys, checks, indexes, functions, triggers and the sequence.
    case requiredObjects = "required-objects"
    /// Rows of the ledger's tables change through the API, and nowhere else.
    case ledgerRows = "ledger-rows"
    /// Triggers, rules and policies of the ledger's tables run inside the service's writes.
    case ledgerTriggers = "ledger-triggers"
    /// What the service's next connections begin with.
    case connections
    /// Transaction ids ascend, and what was drawn from a sequence outlives a rollback.
    case transactionIDs = "transaction-ids"
    /// The service's own statements, run once after the SQL and taken back.
    case serviceStatements = "service-statements"
    /// The record in `schema_changes` stands as it was written.
    case record
}

package struct GuardVerdict: Hashable, Sendable {
    package let name: SchemaGuard
    /// What the guard objects to, a phrase each; empty when all is well.
    package let saw: [String]

    package var isPassed: Bool { saw.isEmpty }
}

/// The guards that judge by the catalogue and the session's own counters.
extension SchemaComparisonPair {
    /// - Parameter missing: what the service needs and the catalogue lacks by now.
    func verdicts(missing: [String]) -> [GuardVerdict] {
        [
            GuardVerdict(
                name: .requiredObjects, saw: missing + replacedTables + changedObjects + narrowed),
            GuardVerdict(name: .ledgerRows, saw: rewrittenTables + changedRows),
            GuardVerdict(name: .ledgerTriggers, saw: hiddenWork),
            GuardVerdict(name: .connections, saw: otherBeginnings),
            GuardVerdict(name: .transactionIDs, saw: returnedIDs),
        ]
    }

    // MARK: Required objects

    /// Another table under a name that the service uses, such as one in front of it in the search
    /// path.
    private var replacedTables: [String] {
        RequiredColumn.tables.compactMap { table in
            let old = before.tables.members.filter { $0.table == table }.map(\.id)
            let new = after.tables.members.filter { $0.table == table }.map(\.id)
            guard !new.isEmpty, Set(old) != Set(new) else { return nil }
            return "\(table), or a part of it, is another table than before"
        }
    }

    /// Under the same name, and no longer what it was.
    private var changedObjects: [String] {
        differences.compactMap { difference in
            guard difference.before != nil, let after = difference.after,
                let label = requiredLabel(of: difference.name)
            else { return nil }
            return "\(label) was changed: \(after)"
        }
    }

    private func requiredLabel(of name: SchemaObject.Name) -> String? {
        let table = name.table.flatMap(before.tables.bareName)
        let label: String
        switch name.kind {
        case "constraint", "trigger":
            guard let table else { return nil }
            label = "\(name.kind) \(name.name) on \(table)"
        case "index": label = "index \(name.name)"
        case "sequence": label = "sequence \(bare(name.name))"
        case "function": label = "function \(bare(name.name))"
        default: return nil
        }
        return RequiredObject.all.contains(label) || RequiredObject.functions.contains(label)
            ? label : nil
    }

    private func bare(_ qualified: String) -> String {
        String(qualified.drop { $0 != "." }.dropFirst())
    }

    /// A text that had room for more: the service fills it to its limits.
    private var narrowed: [String] {
        differences.compactMap { difference in
            guard difference.kind == "column", let before = difference.before,
                let after = difference.after, let table = difference.name.table,
                let bare = self.before.tables.bareName(of: table),
                RequiredColumn.all.contains(where: {
                    $0.name == .init(table: bare, column: difference.name.name)
                }),
                let limit = Self.limit(ofText: after),
                limit < Self.limit(ofText: before) ?? .max
            else { return nil }
            return "column \(bare).\(difference.name.name) has room for \(limit) characters only"
        }
    }

    private static func limit(ofText definition: String) -> Int? {
        let prefix = "character varying("
        guard definition.hasPrefix(prefix) else { return nil }
        return Int(definition.dropFirst(prefix.count).prefix { $0.isNumber })
    }

    // MARK: Rows

    /// A new file under an old table: TRUNCATE, or a change of types that may compute what it
    /// likes.
    private var rewrittenTables: [String] {
        let ledger = ServiceTables.ledger
        let gone = before.tables.members.subtracting(after.tables.members)
        let tables = Set(gone.map(\.table)).intersection(ledger).sorted()
        return tables.map { "\($0) was rewritten, emptied or replaced" }
    }

    private var changedRows: [String] {
        let tables = before.tables.ledgerTables
        return after.effects.since(before.effects)
            .compactMap { id, count in
                tables[id].map {
                    "\($0): \(count.inserted) rows inserted, \(count.updated) updated, "
                        + "\(count.deleted) deleted"
                }
            }
            .sorted()
    }

    // MARK: What works out of sight

    private var hiddenWork: [String] {
        differences.compactMap { difference in
            guard let after = difference.after, let table = ledgerTable(of: difference.name)
            else { return nil }
            switch difference.kind {
            case "trigger", "rule", "policy":
                return "\(difference.kind) \(difference.name.name) on \(table) was "
                    + difference.change
            case "table"
            where after.contains("row security")
                && difference.before?.contains("row security") != true:
                return "row security on \(table) was turned on"
            default: return nil
            }
        }
    }

    private func ledgerTable(of name: SchemaObject.Name) -> String? {
        let qualified = name.kind == "table" ? name.name : name.table
        guard let bare = qualified.flatMap(after.tables.bareName),
            ServiceTables.ledger.contains(bare)
        else { return nil }
        return bare
    }

    private var otherBeginnings: [String] {
        differences.compactMap { difference in
            switch difference.kind {
            case "role", "database", "settings", "event trigger":
                "\(difference.kind) \(difference.object) was \(difference.change)"
            default: nil
            }
        }
    }

    private var returnedIDs: [String] {
        guard let old = before.lastTransactionID else { return [] }
        guard let new = after.lastTransactionID else {
            return ["credit_transaction_ids begins anew after \(old), or cannot be read"]
        }
        if new < old { return ["credit_transaction_ids went back from \(old) to \(new)"] }
        return new - old > SequenceMending.implausible
            ? ["credit_transaction_ids went from \(old) to \(new)"] : []
    }
}
