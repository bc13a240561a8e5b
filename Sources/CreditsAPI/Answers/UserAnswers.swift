import HTTP
import Ledger

extension User: Answer {
    func response() -> Response { .json(.ok, json) }

    var json: JSONValue {
        [
            "user_id": .integer(id.rawValue), "email": .string(email), "name": .string(name),
            "created_at": .string(createdAt.rfc3339),
        ]
    }
}

struct CreatedUser: Answer {
    let user: User

    func response() -> Response {
        var response = Response.json(.created, user.json)
        response.fields.append(.location, "/api/users/\(user.id.rawValue)")
        return response
    }
}

struct UserPage: Answer {
    let users: [User]
    /// nil on the last page.
    let next: UserCursor?

    func response() -> Response {
        .json(
            .ok,
            [
                "users": .array(users.map(\.json)),
                "next_cursor": next.map { .string($0.text) } ?? .null,
            ])
    }
}
