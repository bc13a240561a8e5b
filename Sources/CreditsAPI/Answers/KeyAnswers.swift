import HTTP
import Ledger

extension APIKey: Answer {
    func response() -> Response { .json(.ok, json) }

    var json: JSONValue { .object(JSONObject(members)) }

    fileprivate var members: [JSONObject.Member] {
        [
            .init(name: "key_id", value: .integer(id)),
            .init(name: "name", value: .string(name)),
            .init(name: "hint", value: .string(hint)),
            .init(name: "scopes", value: .array(scopes.map { .string($0.rawValue) })),
            .init(name: "created_at", value: .string(createdAt.rfc3339)),
            .init(name: "created_by", value: .text(createdBy)),
            .init(name: "expires_at", value: .moment(expiresAt)),
            .init(name: "last_used_at", value: .moment(lastUsedAt)),
            .init(name: "revoked_at", value: .moment(revokedAt)),
        ]
    }
}

/// A new key, with the secret that is told this once.
struct CreatedKey: Answer {
    let key: APIKey
    let secret: KeySecret

    func response() -> Response {
        let told = JSONObject.Member(name: "key", value: .string(secret.exposed))
        return .json(.created, .object(JSONObject([told] + key.members)))
    }
}

struct KeyPage: Answer {
    let keys: [APIKey]
    /// nil on the last page.
    let next: PlaceCursor?

    func response() -> Response {
        .json(.ok, ["keys": .array(keys.map(\.json)), "next_cursor": .text(next?.text)])
    }
}

struct AuditPage: Answer {
    let entries: [AuditEntry]
    /// nil on the last page.
    let next: PlaceCursor?

    /// A detail is JSON already: PostgreSQL lets nothing else into the column.
    func response() -> Response {
        let lines = entries.map { entry -> JSONValue in
            // Nor can it be unreadable, except for what somebody wrote past the service.
            let detail = entry.detail.flatMap { try? JSONParser.parse(Array($0.utf8)) }
            return [
                "audit_id": .integer(entry.id), "at": .string(entry.at.rfc3339),
                "actor": .text(entry.actor), "action": .string(entry.action),
                "target": .string(entry.target), "request_id": .text(entry.requestID),
                "detail": detail ?? .null,
            ]
        }
        return .json(.ok, ["entries": .array(lines), "next_cursor": .text(next?.text)])
    }
}

extension JSONValue {
    fileprivate static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    fileprivate static func moment(_ moment: Timestamp?) -> JSONValue { text(moment?.rfc3339) }
}
