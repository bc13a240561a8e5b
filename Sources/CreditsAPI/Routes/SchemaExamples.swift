extension Example {
    private static let moment: JSONValue = "2026-11-22T07:18:29.093827Z"
    private static let sql: JSONValue = "ALTER TABLE users ADD COLUMN IF NOT EXISTS nickname text"
    private static let planHash: JSONValue =
        "5f0c1a3be2d94c7786f1d0a9b4e35c2f7a8d6e1b90c3f4a5d2e7b8c9016f3a4d"

    private static let differences: JSONValue = [
        [
            "change": "added", "kind": "column", "object": "nickname on public.users",
            "before": nil, "after": "text",
        ]
    ]

    private static let report: [JSONObject.Member] = [
        .init(name: "plan_hash", value: planHash),
        .init(
            name: "statements", value: [["sql": sql, "command": "ALTER TABLE", "rows": 0]]),
        .init(name: "diff", value: differences),
        .init(name: "rows_changed", value: []),
        .init(
            name: "locks", value: [["table": "public.users", "mode": "AccessExclusiveLock"]]),
        .init(name: "held_ms", value: .number(JSONNumber(lexeme: "3.611"))),
        .init(
            name: "guards", value: [["guard": "required-objects", "passed": true, "saw": []]]),
        .init(name: "is_complete", value: true),
    ]

    static let schemaUpdate: JSONValue = ["sql": sql]
    static let schemaUpdated: JSONValue = .object(
        JSONObject(
            [
                .init(name: "detail", value: "Schema updated"),
                .init(name: "change_id", value: 1),
                .init(name: "applied_at", value: moment),
                .init(name: "duration_ms", value: .number(JSONNumber(lexeme: "14.217"))),
            ] + report))

    static let schemaPlanning: JSONValue = ["sql": sql]
    static let schemaPlan: JSONValue = .object(
        JSONObject(
            [
                .init(name: "detail", value: "Nothing was changed: it would be applied."),
                .init(name: "dry_run", value: true),
            ] + report))

    static let schemaListing: JSONValue = [
        "tables": [
            [
                "name": "public.users", "kind": "table",
                "columns": [
                    [
                        "name": "name", "type": "character varying(100)", "nullable": false,
                        "default": nil,
                    ]
                ],
            ]
        ],
        "is_complete": true,
    ]

    static let schemaChangePage: JSONValue = [
        "changes": [
            [
                "change_id": 1, "outcome": "applied", "applied_at": moment,
                "duration_ms": .number(JSONNumber(lexeme: "14.217")), "sql": sql,
                "request_id": "7f3c9a52d1e84b06a91f22c47d30be58", "actor": nil,
                "diff": differences, "rows_changed": nil,
            ]
        ],
        "next_cursor": .string(PlaceCursor.example),
    ]
}
