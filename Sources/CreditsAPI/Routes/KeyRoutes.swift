import HTTP
import Ledger

/// The part of the table that says who may do what, and what was done.
extension RouteTable {
    static let keys: [Route] = [
        Route(
            method: .post, path: "/api/keys",
            operationID: "createKey", tag: .keys,
            summary: "Create a key",
            description: "Makes a key of 256 random bits and tells it: this once, since only its "
                + "hash is kept. It may do what its `scopes` say, which are among your own key's. "
                + "The first key of a server closes it: from then on every call needs one.",
            requestBody: BodyDescription(schema: .newKey, example: Example.newKey),
            responses: [
                .json(.created, "The key is made.", .createdKey, example: Example.createdKey)
            ],
            problems: .body + [.databaseRule] + .database + [.outcomeUnknown],
            access: .requires(.manageKeys),
            handler: .waiting(KeyEndpoints.create)),
        Route(
            method: .get, path: "/api/keys",
            operationID: "listKeys", tag: .keys,
            summary: "List keys",
            description: "A page of keys, newest first, revoked ones too. Ask again with the "
                + "`next_cursor` of the answer until it is null. Query parameters that this call "
                + "does not know are refused.",
            parameters: [.newestFirstLimit, .newestFirstCursor],
            responses: [.json(.ok, "A page of keys.", .keyPage, example: Example.keyPage)],
            problems: [.invalidValue] + .database,
            access: .requires(.manageKeys),
            handler: .waiting(KeyEndpoints.list)),
        Route(
            method: .delete, path: "/api/keys/{key_id}",
            operationID: "revokeKey", tag: .keys,
            summary: "Revoke a key",
            description: "Ends a key: at once where this is called, and within five seconds "
                + "everywhere. It stays in the list. Revoking it again changes nothing.",
            parameters: [.keyID],
            responses: [.json(.ok, "The key is revoked.", .key, example: Example.revokedKey)],
            problems: [.invalidValue, .keyNotFound, .databaseRule] + .database
                + [.outcomeUnknown],
            access: .requires(.manageKeys),
            handler: .waiting(KeyEndpoints.revoke)),
        Route(
            method: .get, path: "/api/audit",
            operationID: "listAuditEntries", tag: .keys,
            summary: "Read the audit log",
            description: "A page of what keys and administrators did, newest first. Ask again with "
                + "the `next_cursor` of the answer until it is null. Query parameters that this "
                + "call does not know are refused.",
            parameters: [.newestFirstLimit, .newestFirstCursor],
            responses: [
                .json(.ok, "A page of the log.", .auditPage, example: Example.auditPage)
            ],
            problems: [.invalidValue] + .database,
            access: .requires(.manageKeys),
            handler: .waiting(KeyEndpoints.audit)),
    ]
}

extension ParameterDescription {
    fileprivate static let keyID = ParameterDescription(
        name: "key_id", location: .path, description: "The key's number.", isRequired: true,
        schema: .integer(1...Int64.max), example: 4)
}

extension Example {
    private static let moment: JSONValue = "2026-11-22T07:18:29.093827Z"

    fileprivate static let newKey: JSONValue = [
        "name": "Shop backend", "scopes": ["credits:read", "credits:write"],
    ]
    fileprivate static let createdKey = key(revoked: .null, secret: true)
    fileprivate static let revokedKey = key(revoked: moment)
    fileprivate static let keyPage: JSONValue = [
        "keys": [key(revoked: .null)], "next_cursor": .string(PlaceCursor.example),
    ]
    fileprivate static let auditPage: JSONValue = [
        "entries": [
            [
                "audit_id": 1, "at": moment, "actor": "admin", "action": "key.created",
                "target": "key:4", "request_id": "7f3c9a52d1e84b06a91f22c47d30be58",
                "detail": [
                    "name": "Shop backend", "hint": "credits_1f0c3a...",
                    "scopes": ["credits:read", "credits:write"], "expires_at": .null,
                ],
            ]
        ],
        "next_cursor": .null,
    ]

    /// The secret is shortened: an example that looks like a key would alarm those who search for
    /// leaked ones.
    private static func key(revoked: JSONValue, secret: Bool = false) -> JSONValue {
        let told: [JSONObject.Member] =
            secret ? [.init(name: "key", value: "credits_1f0c3a...")] : []
        let others: [(String, JSONValue)] = [
            ("key_id", 4), ("name", "Shop backend"), ("hint", "credits_1f0c3a..."),
            ("scopes", ["credits:read", "credits:write"]), ("created_at", moment),
            ("created_by", "admin"), ("expires_at", .null), ("last_used_at", .null),
            ("revoked_at", revoked),
        ]
        return .object(JSONObject(told + others.map { .init(name: $0.0, value: $0.1) }))
    }
}
