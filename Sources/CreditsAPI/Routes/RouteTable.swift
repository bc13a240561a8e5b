import HTTP
import Ledger

/// The whole product at a glance. The router, the 405s, /openapi.json, the docs pages and the
/// Postman collection are folds over this table: an endpoint is added here, and nowhere else.
enum RouteTable {
    static let routes: [Route] =
        credits + writes + grants + schema + users + keys + operations + metrics + documentation

    private static let credits: [Route] = [
        Route(
            method: .get, path: "/api/credits/{user_id}",
            operationID: "getBalance", tag: .credits,
            summary: "Read a user's balance",
            description: "The balance, and the time of its last change. A user whose balance never "
                + "changed has 0. With `at` it is the balance as it was at that time: what the "
                + "last ledger entry until then left, and 0 before the first one.",
            parameters: [.userID, .at],
            responses: [.json(.ok, "The balance.", .account, example: Example.account)],
            problems: [.invalidValue, .userNotFound] + .database,
            access: .requires(.readCredits),
            handler: CreditEndpoints.balance),
        Route(
            method: .get, path: "/api/credits/{user_id}/transactions",
            operationID: "listTransactions", tag: .credits,
            summary: "Read a user's ledger",
            description: "A page of the user's entries, newest first. Ask again with the "
                + "`next_cursor` of the answer, or follow its Link, until it is null; entries that "
                + "are added meanwhile change nothing in the pages that follow. A page may hold "
                + "fewer entries than `limit`, even none, and still have a next one: the search "
                + "for rare kinds goes a bounded way at a time. Query parameters that this call "
                + "does not know are refused.",
            parameters: [
                .userID, .historyLimit, .historyCursor, .kind, .from, .to, .idempotencyKeyFilter,
            ],
            responses: [
                .json(
                    .ok, "A page of entries.", .transactionPage, example: Example.transactionPage,
                    headers: [.nextPage])
            ],
            problems: [.invalidValue, .userNotFound] + .database,
            access: .requires(.readCredits),
            handler: .waiting(HistoryEndpoints.transactions)),
    ]

    private static let users: [Route] = [
        Route(
            method: .post, path: "/api/users",
            operationID: "createUser", tag: .users,
            summary: "Create a user",
            description: "Makes a user with a balance of 0.",
            requestBody: BodyDescription(schema: .newUser, example: Example.newUser),
            responses: [
                .json(
                    .created, "The user is made.", .user, example: Example.user,
                    headers: [.location])
            ],
            problems: .body + [.emailTaken, .databaseRule] + .database + [.outcomeUnknown],
            access: .requires(.writeUsers),
            handler: .waiting(UserEndpoints.create)),
        Route(
            method: .get, path: "/api/users",
            operationID: "listUsers", tag: .users,
            summary: "List users",
            description: "A page of users in the order of their numbers. Ask again with the "
                + "`next_cursor` of the answer until it is null. Query parameters that this call "
                + "does not know are refused.",
            parameters: [.limit, .cursor],
            responses: [.json(.ok, "A page of users.", .userPage, example: Example.userPage)],
            problems: [.invalidValue] + .database,
            access: .requires(.readUsers),
            handler: .waiting(UserEndpoints.list)),
        Route(
            method: .get, path: "/api/users/{user_id}",
            operationID: "getUser", tag: .users,
            summary: "Read a user",
            description: "Who holds the number.",
            parameters: [.userID],
            responses: [.json(.ok, "The user.", .user, example: Example.user)],
            problems: [.invalidValue, .userNotFound] + .database,
            access: .requires(.readUsers),
            handler: .waiting(UserEndpoints.read)),
        Route(
            method: .delete, path: "/api/users/{user_id}",
            operationID: "deleteUser", tag: .users,
            summary: "Delete a user",
            description: "Erases the name and the e-mail, and closes the balance: from then on the "
                + "user is answered with 404 everywhere, and gets no daily credits. The numbers "
                + "stay: ledger and balance are kept as they are, under a user id that says "
                + "nothing. Reasons and metadata of the ledger are kept too, so put nothing "
                + "personal there.",
            parameters: [.userID],
            responses: [
                ResponseDescription(status: .noContent, description: "The user is deleted.")
            ],
            problems: [.invalidValue, .userNotFound, .databaseRule] + .database
                + [.outcomeUnknown],
            access: .requires(.writeUsers),
            handler: .waiting(UserEndpoints.delete)),
    ]

    private static let operations: [Route] = [
        Route(
            method: .get, path: "/livez",
            operationID: "getLiveness", tag: .operations,
            summary: "Is the process alive",
            description: "200 as long as the process answers at all; it asks nothing else. Start "
                + "the instance anew when this fails.",
            responses: [.json(.ok, "Alive.", .health, example: Example.alive)],
            handler: .immediate(HealthEndpoints.liveness)),
        Route(
            method: .get, path: "/readyz",
            operationID: "getReadiness", tag: .operations,
            summary: "Is the instance ready for traffic",
            description: "200 when the database is reached, its schema is current, and the "
                + "instance is not draining; else 503 with what is missing.",
            responses: [.json(.ok, "Ready.", .health, example: Example.ready)],
            problems: [.notReady],
            handler: .waiting(HealthEndpoints.readiness)),
        Route(
            method: .get, path: "/healthz",
            operationID: "getHealth", tag: .operations,
            summary: "The same as /readyz",
            description: "Under the name that many monitors ask for.",
            responses: [.json(.ok, "Ready.", .health, example: Example.ready)],
            problems: [.notReady],
            handler: .waiting(HealthEndpoints.readiness)),
        Route(
            method: .get, path: "/health",
            operationID: "getHealthAlias", tag: .operations,
            summary: "The same as /readyz",
            description: "Under the name that many monitors ask for.",
            responses: [.json(.ok, "Ready.", .health, example: Example.ready)],
            problems: [.notReady],
            handler: .waiting(HealthEndpoints.readiness)),
    ]
}
