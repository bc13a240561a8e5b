extension PostmanCollection {
    static let happyPath = CollectionFolder(
        name: "Happy path",
        description: "A user is made, earns, spends, and starts anew. Each write's answer is held "
            + "against the balance before it.",
        steps: people + movements)

    private static let people: [CollectionStep] = [
        CollectionStep(
            name: "Create a user", target: .operation("createUser"),
            purpose: "The e-mail address is new in every run.",
            body: .json(["email": "{{email}}", "name": "Ada Lovelace"]),
            preparation: [
                "const email = pm.variables.replaceIn('collection-{{$guid}}@example.com');",
                "pm.collectionVariables.set('email', email);",
            ],
            checks: [
                .init(
                    "User is the one that was sent",
                    "pm.expect(body.email).to.equal(pm.collectionVariables.get('email'));",
                    "pm.expect(body.name).to.equal('Ada Lovelace');",
                    "pm.expect(body.user_id).to.be.at.least(1);"),
                .init(
                    "Location is the user's path",
                    "pm.response.to.have.header('Location', '/api/users/' + body.user_id);"),
            ],
            memory: ["pm.collectionVariables.set('userId', body.user_id);"]),
        CollectionStep(
            name: "Read the user", target: .operation("getUser"),
            purpose: "What was made is what is read.",
            checks: [
                isThisUser,
                .init(
                    "E-mail address is the one that was sent",
                    "pm.expect(body.email).to.equal(pm.collectionVariables.get('email'));"),
            ]),
        CollectionStep(
            name: "List users", target: .operation("listUsers"),
            purpose: "A page of two.", query: [("limit", "2")],
            checks: [
                .init(
                    "Page holds at most two users, in the order of their numbers",
                    "pm.expect(body.users.length).to.be.within(1, 2);",
                    "const numbers = body.users.map((user) => user.user_id);",
                    "pm.expect(numbers).to.eql([...numbers].sort((a, b) => a - b));")
            ]),
    ]

    private static let movements: [CollectionStep] = [
        CollectionStep(
            name: "Read the balance", target: .operation("getBalance"),
            purpose: "A new user has 0.",
            checks: [
                isThisUser,
                .init(
                    "Members stand in their order",
                    "pm.expect(Object.keys(body)).to.eql(['user_id', 'credits', 'last_updated']);"),
                .init("New user has nothing", "pm.expect(body.credits).to.equal(0);"),
            ],
            memory: [rememberBalance]),
        CollectionStep(
            name: "Add credits", target: .operation("addCredits"),
            purpose: "The smallest body that works.", body: .json(["amount": 10]),
            checks: [isThisUser, balanceMoved(by: "+ 10"), hasTransaction],
            memory: [rememberBalance]),
        CollectionStep(
            name: "Add credits with a key", target: .operation("addCredits"),
            purpose: "With a reason, data of your own, and a key that makes a retry safe.",
            headers: [("Idempotency-Key", "{{idempotencyKey}}")], body: keyedAddition,
            preparation: [
                "pm.collectionVariables.set('idempotencyKey', pm.variables.replaceIn('{{$guid}}'));"
            ],
            checks: [
                isThisUser, balanceMoved(by: "+ 25"), hasTransaction,
                .init(
                    "First answer is no replay",
                    "pm.response.to.not.have.header('Idempotent-Replayed');"),
            ],
            memory: [
                rememberBalance,
                "pm.collectionVariables.set('transactionId', body.transaction_id);",
            ]),
        CollectionStep(
            name: "Add credits again with the same key", target: .operation("addCredits"),
            purpose: "The same request again gives the first answer again, and moves nothing.",
            headers: [("Idempotency-Key", "{{idempotencyKey}}")], body: keyedAddition,
            checks: [
                .init(
                    "Answer says that it is a replay",
                    "pm.response.to.have.header('Idempotent-Replayed', 'true');"),
                balanceMoved(by: "+ 0"),
                .init(
                    "Transaction is the first one",
                    "pm.expect(body.transaction_id).to.equal("
                        + "Number(pm.collectionVariables.get('transactionId')));"),
            ]),
        CollectionStep(
            name: "Deduct credits", target: .operation("deductCredits"),
            purpose: "Some of what was earned is spent.",
            body: .json(["amount": 15, "reason": "Mentoring hour"]),
            checks: [isThisUser, balanceMoved(by: "- 15"), hasTransaction],
            memory: [rememberBalance]),
        CollectionStep(
            name: "Read the balance after the writes", target: .operation("getBalance"),
            purpose: "It is what the last write answered.",
            checks: [isThisUser, balanceMoved(by: "+ 0")]),
        CollectionStep(
            name: "Reset the credits", target: .operation("resetCredits"),
            purpose: "Sent without a body.",
            checks: [
                isThisUser, hasTransaction,
                .init("Balance is zero", "pm.expect(body.credits).to.equal(0);"),
            ],
            memory: [rememberBalance]),
        CollectionStep(
            name: "Read the balance after the reset", target: .operation("getBalance"),
            purpose: "Nothing is left.",
            checks: [isThisUser, balanceMoved(by: "+ 0")]),
    ]

    private static let keyedAddition = CollectionStep.Body.json([
        "amount": 25, "reason": "Article published", "metadata": ["article": 4711],
    ])

    private static let isThisUser = CollectionStep.Check(
        "Answer is about this user",
        "pm.expect(body.user_id).to.equal(Number(pm.collectionVariables.get('userId')));")

    private static let hasTransaction = CollectionStep.Check(
        "Write has a ledger entry", "pm.expect(body.transaction_id).to.be.at.least(1);")

    private static let rememberBalance = "pm.collectionVariables.set('balance', body.credits);"

    private static func balanceMoved(by sum: String) -> CollectionStep.Check {
        .init(
            "Balance is the one before \(sum)",
            "const before = Number(pm.collectionVariables.get('balance'));",
            "pm.expect(body.credits).to.equal(before \(sum));")
    }
}
