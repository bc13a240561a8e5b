import Ledger

// Problems as they are answered. A type's own members are all told of in `Problem`, each optional:
// several types may share a status, and then one schema is all that an answer has.

extension SchemaComponent {
    static let problemSchema = JSONSchema.object(
        basicProperties + ofBatchesAndDryRuns + limitProperties.map(\.asOptional) + ofRequests
            + ofSchemaChanges + plan.map(\.asOptional), "RFC 9457 problem details.")

    static let insufficientCreditsProblemSchema = JSONSchema.object(
        basicProperties + ofBatchesAndDryRuns + shortfallProperties)

    /// What an operation may meet by itself: the batch as a whole has the rest.
    static let operationProblemSchema = JSONSchema.object(
        [type, title, status, detail, errors]
            + (shortfallProperties + [limit, room]).map(\.asOptional),
        "The problem of one operation, with the members that such a problem has.")

    static let problemTypeSchema = JSONSchema.object([
        .required("type", .string(format: "uri-reference")),
        .required("title", .string()),
        .required("status", .integer(400...599)),
        .required("documentation", .string("When it occurs, and what to do.")),
    ])
}

// MARK: - Every problem's members

extension SchemaComponent {
    private static let basicProperties = [
        type, title, status, detail, instance, requestID, errors,
    ]

    private static let type = JSONSchema.Property.required(
        "type", .string("Which problem: a page of this server.", format: "uri-reference"))
    private static let title = JSONSchema.Property.required(
        "title", .string("The problem's name, the same each time."))
    private static let status = JSONSchema.Property.required(
        "status", .integer(400...599, "The status code again."))
    private static let detail = JSONSchema.Property.required(
        "detail", .string("What went wrong this time, and what to do."))
    private static let instance = JSONSchema.Property.optional(
        "instance", .string("The path that was asked for.", format: "uri-reference"))
    private static let requestID = JSONSchema.Property.required(
        "request_id",
        .string(
            "The answer's X-Request-Id. The log has it where the service failed (5xx), and with "
                + "LOG_LEVEL=debug for every request."))
    private static let errors = JSONSchema.Property.optional(
        "errors", .array(of: fieldError, "One entry for each value that is wrong."))

    private static let fieldError = JSONSchema.object([
        .optional("pointer", .string("Where in the body: a JSON pointer, as `#/amount`.")),
        .optional("parameter", .string("The parameter's name, where it was none in the body.")),
        .optional("in", .enum(["path", "query", "header"])),
        .required("detail", .string("What is wrong, and what to do.")),
    ])
}

// MARK: - Members of some problems

extension SchemaComponent {
    private static let ofBatchesAndDryRuns: [JSONSchema.Property] = [
        .optional(
            "index",
            .integer(
                0...Int64(BatchRequest.operationCounts.upperBound - 1),
                "Which operation of a batch was refused, from 0, and all others with it.")),
        .optional("dry_run", .boolean("`true` where it was only asked what would happen.")),
    ]

    private static let shortfallProperties: [JSONSchema.Property] = [
        .required("available", .integer(BalanceLimits.range, "The balance.")),
        .required("requested", .integer(movements, "What was to be moved.")),
        .required("shortfall", .integer(movements, "What is missing.")),
    ]

    private static let limitProperties = [
        limit, room, .required("requested", .integer(movements, "What was to be moved.")),
    ]
    private static let limit = JSONSchema.Property.required(
        "limit", .integer(BalanceLimits.range, "The highest that the balance may be."))
    private static let room = JSONSchema.Property.required(
        "room",
        .integer(
            BalanceLimits.range,
            "How much the balance may still rise: in a transfer, the recipient's."))

    /// A reversal may want more back than one write can move: a balance that was set past the
    /// service.
    private static let movements = 1...BalanceLimits.range.upperBound

    private static let ofRequests: [JSONSchema.Property] = [
        .optional("line", .integer(1...Int64.max, "The line of the body that is not JSON.")),
        .optional("column", .integer(1...Int64.max, "The place in that line, from 1.")),
        .optional(
            "scope", .enum(Scope.allCases.map(\.rawValue), "The scope that the key lacks.")),
        .optional(
            "reversal_transaction_id",
            .integer(1...Int64.max, "The ledger entry that reversed this one before.")),
        .optional(
            "missing",
            .array(
                of: .enum(["database", "schema", "draining"]),
                "The checks of readiness that failed.")),
    ]

    private static let ofSchemaChanges: [JSONSchema.Property] = [
        .optional("sqlstate", .string("PostgreSQL's error code.", lengths: 5...5)),
        .optional(
            "position", .integer(1...Int64.max, "Where in the SQL, in characters from 1.")),
        .optional("postgres_detail", .string("PostgreSQL's detail of the error.")),
        .optional("hint", .string("PostgreSQL's hint at what to do.")),
        .optional(
            "guard", .enum(SchemaGuard.allCases.map(\.rawValue), "The guard that refused.")),
        .optional("saw", .array(of: .string(), "What the guard objects to.")),
    ]
}

extension JSONSchema.Property {
    fileprivate var asOptional: JSONSchema.Property { .optional(name, schema) }
}
