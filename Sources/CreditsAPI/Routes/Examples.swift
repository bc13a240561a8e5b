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

    static let transactionPage: JSONValue = [
        "user_id": 1,
        "transactions": [
            [
                "transaction_id": 4, "kind": "add", "amount": 10, "balance_after": 110,
                "reason": "Article published", "metadata": ["article": 4711],
                "idempotency_key": "9b2f7c1e-6d43-4c58-a0f1-3e5d8c7b9a10", "created_at": moment,
            ]
        ],
        "next_cursor": .string(cursor),
    ]
    static let cursor = "t00000000000000047f0b6f2a1c3d5e90"

    static let transfer: JSONValue = ["to": 2, "amount": 10, "reason": "Thanks for the review"]
    static let transferred: JSONValue = [
        "user_id": 1, "credits": 90, "last_updated": moment, "transaction_id": 6,
        "related_user_id": 2, "related_transaction_id": 7,
    ]
    static let reversing: JSONValue = ["reason": "Booked twice"]
    static let reversed: JSONValue = [
        "user_id": 1, "credits": 110, "last_updated": moment, "transaction_id": 8,
        "related_user_id": 1, "related_transaction_id": 5,
    ]
    static let batch: JSONValue = [
        "operations": [
            [
                "user_id": 1, "kind": "add", "amount": 10, "reason": "Article published",
                "idempotency_key": "article-4711",
            ],
            [
                "user_id": 2, "kind": "deduct", "amount": 5,
                "idempotency_key": "mentoring-815",
            ],
        ],
        "atomic": true,
    ]
    static let batchDone: JSONValue = [
        "results": [
            [
                "status": 200, "user_id": 1, "credits": 110, "last_updated": moment,
                "transaction_id": 9,
            ],
            [
                "status": 200, "user_id": 2, "credits": 95, "last_updated": moment,
                "transaction_id": 10,
            ],
        ],
        "refused": 0,
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
