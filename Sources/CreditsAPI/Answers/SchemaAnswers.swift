import HTTP
import Ledger

struct SchemaUpdated: Answer {
    let change: SchemaChange

    func response() -> Response {
        var body = JSONObject()
        body.set("detail", "Schema updated")
        body.set("change_id", .integer(change.id))
        body.set("applied_at", .string(change.appliedAt.rfc3339))
        body.set("duration_ms", .milliseconds(change.durationMilliseconds))
        for member in change.plan.members { body.set(member.name, member.value) }
        return .json(.ok, .object(body))
    }
}

/// What the SQL would do. It would be applied where every guard lets it pass.
struct SchemaPlanned: Answer {
    let plan: SchemaPlan

    func response() -> Response {
        let verdict =
            plan.breach.map { "it would be refused by the guard \($0.name.rawValue)." }
            ?? "it would be applied."
        var body = JSONObject()
        body.set("detail", .string("Nothing was changed: \(verdict)"))
        body.set("dry_run", true)
        for member in plan.members { body.set(member.name, member.value) }
        return .json(.ok, .object(body))
    }
}

/// What an update did, or would have done.
enum SchemaUpdateAnswer: Answer {
    case updated(SchemaUpdated)
    case planned(SchemaPlanned)

    func response() -> Response {
        switch self {
        case .updated(let answer): answer.response()
        case .planned(let answer): answer.response()
        }
    }
}

extension SchemaPlan {
    /// Longer lists are cut, and `is_complete` says so.
    static let shownEntries = 1000

    var members: [JSONObject.Member] {
        let shown = Self.shownEntries
        return [
            .init(name: "plan_hash", value: .string(hash)),
            .init(name: "statements", value: .array(statements.prefix(shown).map(\.json))),
            .init(name: "diff", value: .array(differences.prefix(shown).map(\.json))),
            .init(name: "rows_changed", value: .array(rowsChanged.prefix(shown).map(\.json))),
            .init(name: "locks", value: .array(locks.prefix(shown).map(\.json))),
            .init(name: "held_ms", value: .milliseconds(heldMilliseconds)),
            .init(name: "guards", value: .array(guards.map(\.json))),
            .init(
                name: "is_complete",
                value: .bool(
                    [statements.count, differences.count, rowsChanged.count, locks.count]
                        .allSatisfy { $0 <= shown })),
        ]
    }
}

extension RanStatement {
    fileprivate var json: JSONValue {
        [
            "sql": .string(sql.trimmingWhiteSpace),
            "command": command.map { .string($0) } ?? .null, "rows": .integer(rows),
        ]
    }
}

extension String {
    fileprivate var trimmingWhiteSpace: String {
        guard let first = firstIndex(where: { !$0.isWhitespace }),
            let last = lastIndex(where: { !$0.isWhitespace })
        else { return "" }
        return String(self[first...last])
    }
}

extension SchemaDifference {
    fileprivate var json: JSONValue {
        [
            "change": .string(change), "kind": .string(kind), "object": .string(object),
            "before": before.map { .string($0) } ?? .null,
            "after": after.map { .string($0) } ?? .null,
        ]
    }
}

extension RowsChanged {
    fileprivate var json: JSONValue {
        [
            "table": .string(table), "inserted": .integer(inserted), "updated": .integer(updated),
            "deleted": .integer(deleted),
        ]
    }
}

extension HeldLock {
    fileprivate var json: JSONValue { ["table": .string(table), "mode": .string(mode)] }
}

extension GuardVerdict {
    fileprivate var json: JSONValue {
        [
            "guard": .string(name.rawValue), "passed": .bool(isPassed),
            "saw": .array(saw.map { .string($0) }),
        ]
    }
}

extension JSONValue {
    /// Three digits: microseconds. Rounded, since a Double's own spelling may have seventeen.
    static func milliseconds(_ milliseconds: Double) -> JSONValue {
        .number(JSONNumber(lexeme: "\((milliseconds * 1000).rounded() / 1000)"))
    }
}
