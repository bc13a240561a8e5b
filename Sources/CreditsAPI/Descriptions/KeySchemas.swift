import Ledger

// Keys, and the audit log.

extension SchemaComponent {
    static let scope = JSONSchema.enum(
        Scope.allCases.map(\.rawValue), "What the key may be used for.")

    static let newKeySchema = JSONSchema.object([
        .required(
            "name",
            .string("What the key is for.", lengths: NewAPIKey.nameLengths, pattern: notBlank)),
        .required(
            "scopes",
            .array(of: scope, "At least one, and none that your own key does not have.")
                .counting(1...100)),
        .optional(
            "expires_at",
            JSONSchema.string(
                "When it ends (RFC 3339); never if not given.", format: "date-time"
            ).nullable),
    ])

    private static let keyProperties: [JSONSchema.Property] = [
        .required("key_id", .integer(1...Int64.max, "The key's number.")),
        .required("name", .string("What the key is for.")),
        .required("hint", .string("The key's first characters.")),
        .required("scopes", .array(of: scope)),
        .required("created_at", moment),
        .required("created_by", .string("Who made it.").nullable),
        .required("expires_at", moment.nullable),
        .required("last_used_at", moment.nullable),
        .required("revoked_at", moment.nullable),
    ]

    static let keySchema = JSONSchema.object(keyProperties, "A key, without its secret.")

    static let createdKeySchema = JSONSchema.object(
        [.required("key", .string("The key itself: it is told this once, and never again."))]
            + keyProperties, "A new key.")

    static let keyPageSchema = JSONSchema.object([
        .required("keys", .array(of: .reference(.key), "Newest first.")),
        .required("next_cursor", nextCursor),
    ])

    static let auditEntrySchema = JSONSchema.object(
        [
            .required("audit_id", .integer(1...Int64.max, "The line's number.")),
            .required("at", moment),
            .required(
                "actor",
                .string("Who did it: `admin`, `key:4`, `command line`, `credits grant`.").nullable),
            .required("action", .string("What was done, as `key.created`.")),
            .required("target", .string("To what, as `key:4`.")),
            .required("request_id", .string("In which request.").nullable),
            .required(
                "detail",
                JSONSchema.object([], "What else there is to tell.", allowsOtherMembers: true)
                    .nullable),
        ], "One line of the audit log.")

    static let auditPageSchema = JSONSchema.object([
        .required("entries", .array(of: .reference(.auditEntry), "Newest first.")),
        .required("next_cursor", nextCursor),
    ])
}
