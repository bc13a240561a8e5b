/// What a database has besides its rows: a table, a column, a right.
struct SchemaObject: Hashable, Sendable {
    struct Name: Hashable, Sendable {
        /// `table`, `column`, `constraint`, `index`, `trigger`, `function` and so on.
        let kind: String
        /// Whose part it is, with its schema; nil for what stands by itself.
        let table: String?
        /// With its schema where it stands by itself.
        let name: String

        var text: String { table.map { "\(name) on \($0)" } ?? name }
    }

    let name: Name
    let definition: String
}

/// What SQL made of one object: `before` is nil where it was added, `after` where it was removed.
package struct SchemaDifference: Hashable, Sendable {
    let name: SchemaObject.Name
    package let before: String?
    package let after: String?

    package var kind: String { name.kind }
    package var object: String { name.text }

    package var change: String {
        if before == nil { "added" } else if after == nil { "removed" } else { "changed" }
    }

    /// In the order of kinds and names, so that equal differences are equally told.
    static func between(
        _ before: [SchemaObject], _ after: [SchemaObject]
    ) -> [SchemaDifference] {
        // Two objects of one name cannot be; should a catalogue say so, the last one counts.
        let old = Dictionary(before.map { ($0.name, $0.definition) }) { $1 }
        let new = Dictionary(after.map { ($0.name, $0.definition) }) { $1 }
        return Set(old.keys).union(new.keys)
            .filter { old[$0] != new[$0] }
            .map { SchemaDifference(name: $0, before: old[$0], after: new[$0]) }
            .sorted { ($0.kind, $0.object) < ($1.kind, $1.object) }
    }
}
