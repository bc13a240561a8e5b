import HTTP

/// The values that the documents show. They belong together: the user that is made is the user who
/// is read, and the balances follow from each other.
enum Example {
    private static let moment: JSONValue = "2026-11-22T07:18:29.093827Z"

    static let account: JSONValue = ["user_id": 1, "credits": 100, "last_updated": moment]
    static let addition: JSONValue = ["amount": 10, "reason": "Article published"]
    static let added: JSONValue = [
        "user_id": 1, "credits": 110, "last_updated": moment, "transaction_id": 4,
    ]
    static let deduction: JSONValue = ["amount": 10, "reason": "Mentoring hour"]
    static let deducted: JSONValue = [
        "user_id": 1, "credits": 100, "last_updated": moment, "transaction_id": 5,
    ]
    static let resetting: JSONValue = ["reason": "Season's end"]
    static let wasReset: JSONValue = [
        "user_id": 1, "credits": 0, "last_updated": moment, "transaction_id": 6,
    ]

    static let schemaUpdate: JSONValue = [
        "sql": "ALTER TABLE users ADD COLUMN IF NOT EXISTS nickname text"
    ]
    static let schemaUpdated: JSONValue = [
        "detail": "Schema updated", "change_id": 1, "applied_at": moment,
        "duration_ms": .number(JSONNumber(lexeme: "4.217")),
    ]

    static let newUser: JSONValue = ["email": "ada@example.com", "name": "Ada Lovelace"]
    static let user: JSONValue = [
        "user_id": 1, "email": "ada@example.com", "name": "Ada Lovelace", "created_at": moment,
    ]
    static let userPage: JSONValue = [
        "users": [user], "next_cursor": .string(UserCursor.example),
    ]

    static let alive: JSONValue = ["status": "ok", "version": "1.0.0"]
    static let ready: JSONValue = [
        "status": "ok", "version": "1.0.0",
        "checks": ["database": "ok", "schema": "ok", "draining": "no"],
    ]

    static let index: JSONValue = [
        "service": "credits", "version": "1.0.0", "documentation": "/docs",
        "openapi": "/openapi.json", "postman_collection": "/postman_collection.json",
        "problems": "/problems", "readiness": "/readyz",
    ]
    static let openAPI: JSONValue = ["openapi": "3.1.0"]
    static let collection: JSONValue = ["info": ["name": "Credits"]]
    static let problemType: JSONValue = [
        "type": .string(ProblemType.insufficientCredits.path),
        "title": .string(ProblemType.insufficientCredits.title),
        "status": .integer(ProblemType.insufficientCredits.status.code),
        "documentation": .string(ProblemType.insufficientCredits.documentation),
    ]
    static let problemTypes: JSONValue = ["problems": [problemType]]
}
