import Ledger

/// The named schemas of the OpenAPI document: a closed list, so that no reference can dangle.
enum SchemaComponent: String, Sendable, CaseIterable {
    case account = "Account"
    case receipt = "Receipt"
    case linkedReceipt = "LinkedReceipt"
    case amountBody = "AmountBody"
    case resetBody = "ResetBody"
    case transferBody = "TransferBody"
    case batchBody = "BatchBody"
    case batchOperation = "BatchOperation"
    case batchMovement = "BatchMovement"
    case batchReset = "BatchReset"
    case batchAnswer = "BatchAnswer"
    case batchResult = "BatchResult"
    case operationProblem = "OperationProblem"
    case transaction = "Transaction"
    case transactionPage = "TransactionPage"
    case grantDay = "GrantDay"
    case grantCalendar = "GrantCalendar"
    case grantCoverage = "GrantCoverage"
    case schemaUpdateBody = "SchemaUpdateBody"
    case schemaUpdate = "SchemaUpdate"
    case schemaUpdateAnswer = "SchemaUpdateAnswer"
    case schemaPlanBody = "SchemaPlanBody"
    case schemaPlan = "SchemaPlan"
    case schemaListing = "SchemaListing"
    case schemaChange = "SchemaChange"
    case schemaChangePage = "SchemaChangePage"
    case newUser = "NewUser"
    case user = "User"
    case userPage = "UserPage"
    case newKey = "NewKey"
    case key = "Key"
    case createdKey = "CreatedKey"
    case keyPage = "KeyPage"
    case auditEntry = "AuditEntry"
    case auditPage = "AuditPage"
    case health = "Health"
    case index = "Index"
    case problem = "Problem"
    case insufficientCreditsProblem = "InsufficientCreditsProblem"
    case problemType = "ProblemType"
    case problemTypes = "ProblemTypes"
    case anyDocument = "Document"

    var schema: JSONSchema {
        switch self {
        case .account: .object(Self.accountProperties, "A user's balance.")
        case .receipt: Self.receiptSchema
        case .linkedReceipt: Self.linkedReceiptSchema
        case .amountBody:
            .object([.required("amount", Self.amount)] + Self.annotations)
        case .resetBody: .object(Self.annotations)
        case .transferBody: Self.transferBodySchema
        case .batchBody: Self.batchBodySchema
        case .batchOperation: Self.batchOperationSchema
        case .batchMovement: Self.batchMovementSchema
        case .batchReset: Self.batchResetSchema
        case .batchAnswer: Self.batchAnswerSchema
        case .batchResult: Self.batchResultSchema
        case .operationProblem: Self.operationProblemSchema
        case .transaction: Self.transactionSchema
        case .transactionPage: Self.transactionPageSchema
        case .grantDay: Self.grantDaySchema
        case .grantCalendar: Self.grantCalendarSchema
        case .grantCoverage: Self.grantCoverageSchema
        case .schemaUpdateBody: Self.schemaUpdateBodySchema
        case .schemaUpdate: Self.schemaUpdateSchema
        case .schemaUpdateAnswer: Self.schemaUpdateAnswerSchema
        case .schemaPlanBody: Self.schemaPlanBodySchema
        case .schemaPlan: Self.schemaPlanSchema
        case .schemaListing: Self.schemaListingSchema
        case .schemaChange: Self.schemaChangeSchema
        case .schemaChangePage: Self.schemaChangePageSchema
        case .newUser: .object([.required("email", Self.email), .required("name", Self.name)])
        case .user: Self.userSchema
        case .userPage: Self.userPageSchema
        case .newKey: Self.newKeySchema
        case .key: Self.keySchema
        case .createdKey: Self.createdKeySchema
        case .keyPage: Self.keyPageSchema
        case .auditEntry: Self.auditEntrySchema
        case .auditPage: Self.auditPageSchema
        case .health: Self.healthSchema
        case .index: Self.indexSchema
        case .problem: Self.problemSchema
        case .insufficientCreditsProblem: Self.insufficientCreditsProblemSchema
        case .problemType: Self.problemTypeSchema
        case .problemTypes:
            .object([.required("problems", .array(of: .reference(.problemType)))])
        case .anyDocument: .object([], allowsOtherMembers: true)
        }
    }
}

// MARK: - Credits

extension SchemaComponent {
    static let userID = JSONSchema.integer(1...Int64.max, "The user's number.")
    static let balance = JSONSchema.integer(BalanceLimits.range, "The balance.")
    static let amount = JSONSchema.integer(
        CreditAmount.range, "How many credits to move.")
    static let nextCursor = JSONSchema.string(
        "Give it as `cursor` to get the next page; null on the last."
    ).nullable
    static let moment = JSONSchema.string(
        "RFC 3339, in UTC, to the microsecond.", format: "date-time")

    static let accountProperties: [JSONSchema.Property] = [
        .required("user_id", userID),
        .required("credits", balance),
        .required("last_updated", moment),
    ]

    static let annotations: [JSONSchema.Property] = [
        .optional(
            "reason",
            .string(
                "Why, in your words; kept with the ledger entry.",
                lengths: 0...Reason.maximumCharacters, pattern: "^[^\\u0000]*$"
            ).nullable),
        .optional("metadata", metadata.nullable),
    ]

    static let metadata = JSONSchema.object(
        [], "Whatever you want to find again beside the ledger entry: at most 4 KiB of JSON.",
        allowsOtherMembers: true)
}

// MARK: - Users, operations

extension SchemaComponent {
    private static let email = JSONSchema.string(
        "An e-mail address that no other user has.", lengths: NewUser.emailLengths,
        pattern: "^[^@\\u0000-\\u0020\\u007f\(space)]+@[^@\\u0000-\\u0020\\u007f\(space)]+$")
    private static let name = JSONSchema.string(
        "The user's name.", lengths: NewUser.nameLengths, pattern: notBlank)

    /// Unicode's White_Space above ASCII, which `\s` of a regular expression (ECMA-262, 22.2.2.9)
    /// is not: that one lacks U+0085 and has U+FEFF.
    private static let space =
        "\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
    /// Something besides white space, and no NUL.
    static let notBlank =
        "^[^\\u0000]*[^\\u0000\\u0009-\\u000d\\u0020\(space)][^\\u0000]*$"

    private static let userSchema = JSONSchema.object([
        .required("user_id", userID),
        .required("email", .string()),
        .required("name", .string()),
        .required("created_at", moment),
    ])

    private static let userPageSchema = JSONSchema.object([
        .required("users", .array(of: .reference(.user), "In the order of their numbers.")),
        .required("next_cursor", nextCursor),
    ])

    private static let healthSchema = JSONSchema.object([
        .required("status", .enum(["ok"])),
        .required("version", .string("The version of the service.")),
        .optional("checks", .object([], "What was looked at.", allowsOtherMembers: true)),
    ])

    private static let indexSchema = JSONSchema.object(
        [
            .required("service", .string()),
            .required("version", .string()),
            .required("documentation", .string(format: "uri-reference")),
            .required("openapi", .string(format: "uri-reference")),
        ], allowsOtherMembers: true)
}
