/// A Postman collection (v2.1): the route table's calls, in an order in which they tell a story.
///
/// It may be run any number of times, against any server that gives a daily grant, and leaves two
/// users behind each time. Every identifier is a UUID of version 5, so that it is the same in every
/// rendering.
package enum PostmanCollection {
    static let folders: [CollectionFolder] = [
        happyPath, transfers, history, grants, errors, schema, operations, deletion, keys,
    ]

    /// Indented JSON in UTF-8; the same bytes for the same table and version.
    package static func render(version: String) -> [UInt8] {
        document(version: version).encoded(.indented)
    }

    static func document(version: String) -> JSONValue {
        [
            "info": info(version: version),
            "item": .array(folders.map(folder)),
            "auth": authentication,
            "variable": variables,
        ]
    }

    private static func info(version: String) -> JSONValue {
        [
            "_postman_id": identifier("collection"),
            "name": "Credits",
            "description": .string(
                "Every call of Credits \(version), with examples and checks.\n\n" + introduction),
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        ]
    }

    private static let introduction = """
        Set `baseUrl`, and where the server has keys `adminToken`, to one with every scope; then \
        run the collection, as often as you like. It makes users of its own, two of whom stay.

        Two folders ask for more. *Grants* needs the daily grant: DAILY_GRANT_AMOUNT must not be \
        0. *Keys*, the last one, makes a key and revokes it: a server without keys is closed to \
        everybody else meanwhile. Where a run was cut short there, `credits keys list` names the \
        key, and `credits keys revoke` with its number opens the server again.
        """

    private static func folder(_ folder: CollectionFolder) -> JSONValue {
        var json = JSONObject()
        json.set("id", identifier(folder.name))
        json.set("name", .string(folder.name))
        json.set("description", .string(folder.description))
        let items = folder.steps.map { CollectionItem(step: $0, folder: folder.name).json }
        json.set("item", .array(items))
        return .object(json)
    }

    private static let authentication: JSONValue = [
        "type": "bearer",
        "bearer": [["key": "token", "value": "{{adminToken}}", "type": "string"]],
    ]

    /// With values under which each request also works by itself, on a database with demo users.
    private static let variables: JSONValue = [
        variable("baseUrl", .string(CurlLine.origin), "Where the server is."),
        variable(
            "adminToken", "",
            "The ADMIN_TOKEN, or a key with every scope; empty where none is needed."),
        variable("apiKey", "none", "The key that the last folder makes and revokes."),
        variable("keyId", "1", "That key's number."),
        variable("userId", "1", "The user whose credits are moved."),
        variable("email", "ada@example.com", "That user's e-mail address, new in each run."),
        variable("balance", "0", "The balance after the last write, to compute with."),
        variable("idempotencyKey", "0", "The key of the write that is sent twice."),
        variable("transactionId", "0", "The ledger entry of the write that is sent twice."),
        variable(
            "moment", "2026-11-22T07:18:29.093827Z", "When the history's first entry was made."),
        variable("cursor", .string(Example.cursor), "The history's second page."),
        variable("leaverId", "2", "The user who is deleted."),
        variable("otherUserId", "2", "The user who receives a transfer."),
        variable("otherEmail", "grace@example.com", "That user's e-mail address."),
        variable("transferId", "0", "The ledger entry of the transfer, at its sender's."),
        variable("mistakeId", "0", "The ledger entry that is reversed."),
        variable("reversalId", "0", "The ledger entry that reverses it."),
        variable("planHash", "0", "The plan of a schema change."),
        variable("scratchTable", "scratch", "The table that the schema folder makes and drops."),
    ]

    private static func variable(
        _ key: String, _ value: JSONValue, _ description: String
    ) -> JSONValue {
        [
            "id": identifier("variable/\(key)"), "key": .string(key), "value": value,
            "type": "string", "description": .string(description),
        ]
    }

    static func identifier(_ name: String) -> JSONValue {
        .string(StableIdentifier.make(name))
    }
}
