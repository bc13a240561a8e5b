import HTTP

extension PostmanCollection {
    static let errors = CollectionFolder(
        name: "Errors",
        description: "What is refused, and how. Every refusal is a problem (RFC 9457) whose `type` "
            + "is a page of the server, and changes nothing.",
        steps: values + bodies + ledger + paths)

    private static let values: [CollectionStep] = [
        CollectionStep(
            name: "Amount is zero", target: .operation("addCredits"),
            purpose: "An amount is at least 1.", body: .json(["amount": 0]),
            outcome: .problem(.invalidValue), checks: [pointsAt("amount")]),
        CollectionStep(
            name: "Amount is negative", target: .operation("deductCredits"),
            purpose: "The direction is the path's affair.", body: .json(["amount": -5]),
            outcome: .problem(.invalidValue), checks: [pointsAt("amount")]),
        CollectionStep(
            name: "Amount is a fraction", target: .operation("addCredits"),
            purpose: "Credits are whole.",
            body: .json(["amount": .number(JSONNumber(lexeme: "2.5"))]),
            outcome: .problem(.invalidValue), checks: [pointsAt("amount")]),
        CollectionStep(
            name: "Amount is a string", target: .operation("addCredits"),
            purpose: "A number in quotes is a string.", body: .json(["amount": "10"]),
            outcome: .problem(.invalidValue), checks: [pointsAt("amount")]),
        CollectionStep(
            name: "Amount is missing", target: .operation("deductCredits"),
            purpose: "Members that are not known are ignored; the one that is needed is missed.",
            body: .json(["amuont": 10]), outcome: .problem(.invalidValue),
            checks: [pointsAt("amount")]),
        CollectionStep(
            name: "User id is no number", target: .operation("getBalance"),
            purpose: "A user id is a whole number, 1 or more.", pathValues: ["user_id": "ada"],
            outcome: .problem(.invalidValue),
            checks: [
                .init(
                    "Error names the parameter",
                    "pm.expect(body.errors[0].parameter).to.equal('user_id');",
                    "pm.expect(body.errors[0].in).to.equal('path');")
            ]),
        CollectionStep(
            name: "E-mail address is taken", target: .operation("createUser"),
            purpose: "It is that of the user whom the first request made.",
            body: .json(["email": "{{email}}", "name": "Another Ada"]),
            outcome: .problem(.emailTaken), checks: [pointsAt("email")]),
    ]

    private static let bodies: [CollectionStep] = [
        CollectionStep(
            name: "Body is no JSON", target: .operation("addCredits"),
            purpose: "The detail says where.",
            body: .text(#"{"amount": 10"#, mediaType: "application/json"),
            outcome: .problem(.malformedJSON),
            checks: [
                .init("Detail names the line", "pm.expect(body.detail).to.include('line 1');")
            ]),
        CollectionStep(
            name: "Body is missing", target: .operation("addCredits"),
            purpose: "This call cannot do without.", outcome: .problem(.missingBody)),
        CollectionStep(
            name: "Body is something else than JSON", target: .operation("addCredits"),
            purpose: "And says so.", body: .text("amount: 10", mediaType: "application/yaml"),
            outcome: .problem(.unsupportedMediaType)),
    ]

    private static let ledger: [CollectionStep] = [
        CollectionStep(
            name: "User does not exist", target: .operation("getBalance"),
            purpose: "The detail is the text that clients of the original know.",
            pathValues: ["user_id": "9223372036854775807"], outcome: .problem(.userNotFound),
            checks: [
                .init(
                    "Detail is the original's", "pm.expect(body.detail).to.equal('User not found');"
                )
            ]),
        CollectionStep(
            name: "Credits do not suffice", target: .operation("deductCredits"),
            purpose: "Nothing is deducted, and three members say by how much it fell short.",
            body: .json(["amount": 1_000_000]), outcome: .problem(.insufficientCredits),
            checks: [
                .init(
                    "Shortfall is what is missing",
                    "const before = Number(pm.collectionVariables.get('balance'));",
                    "pm.expect(body.available).to.equal(before);",
                    "pm.expect(body.requested).to.equal(1000000);",
                    "pm.expect(body.shortfall).to.equal(body.requested - body.available);")
            ]),
        CollectionStep(
            name: "Key is used for another write", target: .operation("addCredits"),
            purpose: "The key stands for the addition of 25 in the happy path.",
            headers: [("Idempotency-Key", "{{idempotencyKey}}")],
            body: .json([
                "amount": 26, "reason": "Article published", "metadata": ["article": 4711],
            ]),
            outcome: .problem(.idempotencyKeyReused), checks: [pointsAt("amount")]),
        CollectionStep(
            name: "Key is malformed", target: .operation("resetCredits"),
            purpose: "A key has no spaces.", headers: [("Idempotency-Key", "two words")],
            outcome: .problem(.malformedIdempotencyKey)),
        CollectionStep(
            name: "Precondition is false", target: .operation("resetCredits"),
            purpose: "Nothing here has an entity tag, so none can match.",
            headers: [("If-Match", "\"a\"")], outcome: .problem(.preconditionFailed)),
    ]

    private static let paths: [CollectionStep] = [
        CollectionStep(
            name: "Method is not there",
            target: .undeclared(.delete, "/api/credits/{user_id}"),
            purpose: "The path is right; Allow lists its methods.",
            outcome: .problem(.methodNotAllowed),
            checks: [
                .init(
                    "Allow lists the methods",
                    "pm.expect(pm.response.headers.get('Allow')).to.include('GET');")
            ]),
        CollectionStep(
            name: "Path is not there", target: .undeclared(.get, "/api/nothing"),
            purpose: "The docs list what there is.", outcome: .problem(.notFound)),
    ]

    static func pointsAt(_ member: String) -> CollectionStep.Check {
        .init(
            "Error points at \(member)",
            "pm.expect(body.errors).to.be.an('array');",
            "pm.expect(body.errors[0].pointer).to.equal('#/\(member)');",
            "pm.expect(body.errors[0].detail).to.be.a('string');")
    }
}
