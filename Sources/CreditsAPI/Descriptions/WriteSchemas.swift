import Ledger

// What writes take and give beyond an amount and a balance.

extension SchemaComponent {
    private static let receiptProperties: [JSONSchema.Property] =
        accountProperties + [
            .optional(
                "transaction_id",
                .integer(
                    1...Int64.max,
                    "The number of the ledger entry that the write made; absent in a dry run.")),
            .optional("dry_run", .boolean("`true` where it was only asked what would happen.")),
        ]

    static let receiptSchema = JSONSchema.object(
        receiptProperties, "The balance after a write, and the number of its ledger entry.")

    static let linkedReceiptSchema = JSONSchema.object(
        receiptProperties + [
            .optional(
                "related_user_id",
                .integer(1...Int64.max, "Whose the related entry is; absent where it is.")),
            .optional(
                "related_transaction_id",
                .integer(
                    1...Int64.max,
                    "The entry that the recipient of a transfer got, or that a reversal undid.")),
        ], "The balance after a write that belongs to another ledger entry.")

    static let transferBodySchema = JSONSchema.object(
        [
            .required("to", .integer(1...Int64.max, "The recipient's number.")),
            .required("amount", amount),
        ] + annotations)

    static let batchOperationSchema = JSONSchema(
        kinds: [.object], description: "One write.",
        alternatives: [.reference(.batchMovement), .reference(.batchReset)])

    static let batchMovementSchema = JSONSchema.object(
        [
            .required("user_id", userID),
            .required("kind", .enum(["add", "deduct"], "What is to be done.")),
            .required("amount", amount),
        ] + operationAnnotations, "A write that moves an amount.")

    static let batchResetSchema = JSONSchema.object(
        [
            .required("user_id", userID),
            .required("kind", .enum(["reset"], "What is to be done.")),
        ] + operationAnnotations, "A write that sets a balance to zero.")

    private static let operationAnnotations: [JSONSchema.Property] =
        annotations + [
            .optional(
                "idempotency_key",
                .string(
                    "Your name for this operation, as in the field Idempotency-Key.",
                    lengths: IdempotencyKey.lengths, pattern: "^[!-~]+$"
                ).nullable)
        ]

    static let batchBodySchema = JSONSchema.object([
        .required(
            "operations",
            .array(of: .reference(.batchOperation), "1 to 1,000 writes, in their order.")
                .counting(BatchRequest.operationCounts)),
        .optional(
            "atomic",
            .boolean(
                "Whether all of them happen or none (`true`, and so if not given), or each is "
                    + "judged by itself.")),
    ])

    static let batchAnswerSchema = JSONSchema.object([
        .required(
            "results",
            .array(of: .reference(.batchResult), "One for each operation, in their order.")),
        .required("refused", .integer(0...1_000, "How many of them did not happen.")),
        .optional("dry_run", .boolean("`true` where it was only asked what would happen.")),
    ])

    /// What a write answers, or the problem that it met: told apart by the status.
    static let batchResultSchema = JSONSchema.object(
        [.required("status", .integer(200...599, "What the write alone would answer with."))]
            + accountProperties.map { .optional($0.name, $0.schema) } + [
                .optional(
                    "transaction_id", .integer(1...Int64.max, "The number of its ledger entry.")),
                .optional(
                    "idempotent_replayed",
                    .boolean("`true` where the key stood for this write already.")),
                .optional("problem", .reference(.operationProblem)),
            ], "What became of one operation.")
}
