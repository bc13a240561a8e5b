import Ledger

// A user's ledger as it is answered.

extension SchemaComponent {
    static let entryKind = JSONSchema.enum(
        EntryKind.allCases.map(\.rawValue), "Why the balance changed.")

    static let transactionSchema = JSONSchema.object(
        [
            .required("transaction_id", .integer(1...Int64.max, "The entry's number.")),
            .required("kind", entryKind),
            .required(
                "amount", .integer(nil, "What was added to the balance: negative where it fell.")),
            .required("balance_after", balance),
            .required("reason", .string("Why, in the caller's words.").nullable),
            .required("metadata", metadata.nullable),
            .required("idempotency_key", .string("The key that the write carried.").nullable),
            .required("created_at", moment),
            .optional(
                "related_user_id",
                .integer(nil, "Whose entry belongs to this one.")),
            .optional(
                "related_transaction_id",
                .integer(
                    nil,
                    "The entry that belongs to this one: a transfer's other side, or what a "
                        + "reversal undoes.")),
            .optional("actor", .string("Whose key the write came with, where it came with one.")),
        ], "One entry of the ledger.")

    static let transactionPageSchema = JSONSchema.object([
        .required("user_id", userID),
        .required("transactions", .array(of: .reference(.transaction), "Newest first.")),
        .required("next_cursor", nextCursor),
    ])
}
