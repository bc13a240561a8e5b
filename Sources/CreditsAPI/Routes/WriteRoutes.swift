import HTTP
import Ledger

/// The part of the table that moves credits.
extension RouteTable {
    static let writes: [Route] = [
        Route(
            method: .post, path: "/api/credits/{user_id}/add",
            operationID: "addCredits", tag: .credits,
            summary: "Add credits",
            description: "Adds `amount` to the balance. The answer is sent when the change is "
                + "committed to the database.",
            parameters: [.userID, .idempotencyKey, .dryRun],
            requestBody: BodyDescription(schema: .amountBody, example: Example.addition),
            responses: [.receipt("The balance after the addition.", Example.added)],
            problems: .write + [.balanceLimitReached],
            access: .requires(.writeCredits),
            handler: CreditEndpoints.add),
        Route(
            method: .post, path: "/api/credits/{user_id}/deduct",
            operationID: "deductCredits", tag: .credits,
            summary: "Deduct credits",
            description: "Takes `amount` from the balance, which never falls below zero: where too "
                + "little is there, nothing is taken.",
            parameters: [.userID, .idempotencyKey, .dryRun],
            requestBody: BodyDescription(schema: .amountBody, example: Example.deduction),
            responses: [.receipt("The balance after the deduction.", Example.deducted)],
            problems: .write + [.insufficientCredits],
            access: .requires(.writeCredits),
            handler: CreditEndpoints.deduct),
        Route(
            method: .patch, path: "/api/credits/{user_id}/reset",
            operationID: "resetCredits", tag: .credits,
            summary: "Reset credits to zero",
            description: "Sets the balance to zero. No body is needed.",
            parameters: [.userID, .idempotencyKey, .dryRun],
            requestBody: BodyDescription(
                schema: .resetBody, example: Example.resetting, isRequired: false),
            responses: [.receipt("The balance after the reset: zero.", Example.wasReset)],
            problems: .write,
            access: .requires(.writeCredits),
            handler: CreditEndpoints.reset),
        Route(
            method: .post, path: "/api/credits/{user_id}/transfer",
            operationID: "transferCredits", tag: .credits,
            summary: "Transfer credits to another user",
            description: "Takes `amount` from the user and gives it to the user `to`, both or "
                + "neither: an entry in each ledger, which name each other. The answer is the "
                + "sender's balance. An Idempotency-Key belongs to the sender.",
            parameters: [.userID, .idempotencyKey, .dryRun],
            requestBody: BodyDescription(schema: .transferBody, example: Example.transfer),
            responses: [
                .receipt(
                    "The sender's balance after the transfer.", Example.transferred,
                    schema: .linkedReceipt)
            ],
            problems: .write + [.recipientNotFound, .insufficientCredits, .balanceLimitReached],
            access: .requires(.writeCredits),
            handler: CreditEndpoints.transfer),
        Route(
            method: .post, path: "/api/credits/{user_id}/transactions/{transaction_id}/reverse",
            operationID: "reverseTransaction", tag: .credits,
            summary: "Reverse a transaction",
            description: "Undoes one of the user's ledger entries by an entry of the opposite "
                + "amount, once; both stay in the ledger, and the new one names the old one. "
                + "Credits that were spent since cannot be taken back: 402 says how many are "
                + "missing. Transfers and reversals are not reversible. No body is needed.",
            parameters: [.userID, .transactionID, .idempotencyKey, .dryRun],
            requestBody: BodyDescription(
                schema: .resetBody, example: Example.reversing, isRequired: false),
            responses: [
                .receipt(
                    "The balance after the reversal.", Example.reversed, schema: .linkedReceipt)
            ],
            problems: .write + [
                .transactionNotFound, .notReversible, .alreadyReversed, .insufficientCredits,
                .balanceLimitReached,
            ],
            access: .requires(.writeCredits),
            handler: CreditEndpoints.reverse),
        Route(
            method: .post, path: "/api/credits/batch",
            operationID: "writeBatch", tag: .credits,
            summary: "Make many writes at once",
            description: "Up to 1,000 additions, deductions and resets, of any users, judged in "
                + "their order, each as exact as alone. They happen all or none: the first that "
                + "is refused is the answer, with its `index`. With `atomic: false` each is "
                + "judged by itself, and `results` tells what became of it. A wrong value in any "
                + "of them is 422, and nothing is done. Give each operation an `idempotency_key`, "
                + "so that the same request can safely be sent again.",
            parameters: [.dryRun],
            requestBody: BodyDescription(schema: .batchBody, example: Example.batch),
            responses: [
                .json(
                    .ok, "What became of each operation.", .batchAnswer,
                    example: Example.batchDone)
            ],
            problems: .body + [
                .userNotFound, .insufficientCredits, .balanceLimitReached, .idempotencyKeyReused,
                .databaseRule,
            ] + .database + [.outcomeUnknown],
            access: .requires(.writeCredits),
            handler: .waiting(BatchEndpoint.perform)),
    ]
}
