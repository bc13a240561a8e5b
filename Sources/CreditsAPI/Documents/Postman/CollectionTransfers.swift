extension PostmanCollection {
    static let transfers = CollectionFolder(
        name: "Transfers, reversals, batches",
        description: "Writes that belong together: between two users, against an earlier write, "
            + "and many at once; and asking what a write would do.",
        steps: transferring + reversing + batching)

    private static let transferring: [CollectionStep] = [
        CollectionStep(
            name: "Create another user", target: .operation("createUser"),
            purpose: "Somebody to give credits to.",
            body: .json(["email": "{{otherEmail}}", "name": "Grace Hopper"]),
            preparation: [
                "const email = pm.variables.replaceIn('collection-{{$guid}}@example.com');",
                "pm.collectionVariables.set('otherEmail', email);",
            ],
            memory: ["pm.collectionVariables.set('otherUserId', body.user_id);"]),
        CollectionStep(
            name: "Ask what an addition would do", target: .operation("addCredits"),
            purpose: "The answer that the addition would have, and nothing is moved.",
            query: [("dry_run", "true")], body: .json(["amount": 40]),
            checks: [
                .init(
                    "Answer is foretold",
                    "pm.expect(body.dry_run).to.be.true;",
                    "pm.expect(body).to.not.have.property('transaction_id');"),
                .init("Balance would be 40 or more", "pm.expect(body.credits).to.be.least(40);"),
            ],
            memory: ["pm.collectionVariables.set('balance', body.credits);"]),
        CollectionStep(
            name: "Add credits to give away", target: .operation("addCredits"),
            purpose: "Now for real.", body: .json(["amount": 40]), checks: [balanceIs("")]),
        CollectionStep(
            name: "Transfer credits", target: .operation("transferCredits"),
            purpose: "Each side gets an entry, and each entry names the other.",
            body: json(#"{"to": {{otherUserId}}, "amount": 15}"#),
            checks: [
                balanceIs("- 15"),
                .init(
                    "Answer names the other side",
                    "const other = Number(pm.collectionVariables.get('otherUserId'));",
                    "pm.expect(body.related_user_id).to.equal(other);",
                    "pm.expect(body.related_transaction_id).to.be.at.least(1);"),
            ],
            memory: [
                "pm.collectionVariables.set('balance', body.credits);",
                "pm.collectionVariables.set('transferId', body.transaction_id);",
            ]),
        CollectionStep(
            name: "Read the recipient's balance", target: .operation("getBalance"),
            purpose: "What was sent has arrived.", pathValues: ["user_id": "{{otherUserId}}"],
            checks: [.init("Balance is 15", "pm.expect(body.credits).to.equal(15);")]),
        CollectionStep(
            name: "Transfer to oneself", target: .operation("transferCredits"),
            purpose: "It would move nothing.", body: json(#"{"to": {{userId}}, "amount": 1}"#),
            outcome: .problem(.invalidValue), checks: [pointsAt("to")]),
        CollectionStep(
            name: "Transfer to nobody", target: .operation("transferCredits"),
            purpose: "The sender exists, the recipient does not.",
            body: json(#"{"to": 9223372036854775807, "amount": 1}"#),
            outcome: .problem(.recipientNotFound), checks: [pointsAt("to")]),
    ]

    private static let reversing: [CollectionStep] = [
        CollectionStep(
            name: "Deduct what will be given back", target: .operation("deductCredits"),
            purpose: "Booked by mistake.", body: .json(["amount": 5]), checks: [balanceIs("- 5")],
            memory: ["pm.collectionVariables.set('mistakeId', body.transaction_id);"]),
        CollectionStep(
            name: "Reverse the deduction", target: .operation("reverseTransaction"),
            purpose: "The mistake and its mending both stay in the ledger.",
            pathValues: ["transaction_id": "{{mistakeId}}"],
            body: .json(["reason": "Booked by mistake"]),
            checks: [
                balanceIs(""),
                .init(
                    "Answer names what was undone",
                    "pm.expect(body.related_transaction_id).to.equal("
                        + "Number(pm.collectionVariables.get('mistakeId')));"),
            ],
            memory: ["pm.collectionVariables.set('reversalId', body.transaction_id);"]),
        CollectionStep(
            name: "Reverse the deduction once more", target: .operation("reverseTransaction"),
            purpose: "Once is enough; with an Idempotency-Key it would be a replay.",
            pathValues: ["transaction_id": "{{mistakeId}}"], outcome: .problem(.alreadyReversed),
            checks: [
                .init(
                    "Problem names the reversal",
                    "pm.expect(body.reversal_transaction_id).to.equal("
                        + "Number(pm.collectionVariables.get('reversalId')));")
            ]),
        CollectionStep(
            name: "Reverse a transfer", target: .operation("reverseTransaction"),
            purpose: "Only its recipient can give it back, by another transfer.",
            pathValues: ["transaction_id": "{{transferId}}"], outcome: .problem(.notReversible)),
        CollectionStep(
            name: "Reverse what is not there", target: .operation("reverseTransaction"),
            purpose: "The user has no such entry.",
            pathValues: ["transaction_id": "9223372036854775807"],
            outcome: .problem(.transactionNotFound)),
    ]

    private static let batching: [CollectionStep] = [
        CollectionStep(
            name: "Make two writes, or none", target: .operation("writeBatch"),
            purpose: "One commit for both.",
            body: json(
                """
                {"operations": [
                  {"user_id": {{userId}}, "kind": "add", "amount": 10},
                  {"user_id": {{otherUserId}}, "kind": "deduct", "amount": 5}
                ]}
                """),
            checks: [
                .init(
                    "Both happened",
                    "pm.expect(body.refused).to.equal(0);",
                    "pm.expect(body.results.map((result) => result.status)).to.eql([200, 200]);",
                    "pm.expect(body.results[1].credits).to.equal(10);")
            ],
            memory: ["pm.collectionVariables.set('balance', body.results[0].credits);"]),
        CollectionStep(
            name: "Make two writes of which one is refused", target: .operation("writeBatch"),
            purpose: "Nothing happens, and `index` tells which one it was.",
            body: json(mixedOperations(atomic: true)), outcome: .problem(.insufficientCredits),
            checks: [
                .init("Problem names the operation", "pm.expect(body.index).to.equal(1);")
            ]),
        CollectionStep(
            name: "Make two writes, each by itself", target: .operation("writeBatch"),
            purpose: "What can happen does.", body: json(mixedOperations(atomic: false)),
            checks: [
                .init(
                    "One happened, one did not",
                    "pm.expect(body.refused).to.equal(1);",
                    "pm.expect(body.results.map((result) => result.status)).to.eql([200, 402]);",
                    "pm.expect(body.results[1].problem.shortfall).to.be.at.least(1);")
            ],
            memory: ["pm.collectionVariables.set('balance', body.results[0].credits);"]),
        CollectionStep(
            name: "Make writes of which one is wrong", target: .operation("writeBatch"),
            purpose: "A wrong value stops the whole request.",
            body: json(
                #"{"operations": [{"user_id": {{userId}}, "kind": "add", "amount": 0}]}"#),
            outcome: .problem(.invalidValue), checks: [pointsAt("operations/0/amount")]),
    ]

    private static func mixedOperations(atomic: Bool) -> String {
        """
        {"operations": [
          {"user_id": {{userId}}, "kind": "add", "amount": 1},
          {"user_id": {{otherUserId}}, "kind": "deduct", "amount": 1000000}
        ], "atomic": \(atomic)}
        """
    }

    /// JSON in which a variable stands for a number.
    private static func json(_ text: String) -> CollectionStep.Body {
        .text(text, mediaType: "application/json")
    }

    private static func balanceIs(_ sum: String) -> CollectionStep.Check {
        .init(
            "Balance is the one before \(sum.isEmpty ? "and after" : sum)",
            "const before = Number(pm.collectionVariables.get('balance'));",
            "pm.expect(body.credits).to.equal(before \(sum));")
    }
}
