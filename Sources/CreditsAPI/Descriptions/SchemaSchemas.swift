import Ledger

// The database's shape as it is asked for and answered.

extension SchemaComponent {
    private static let sql = JSONSchema.Property.required(
        "sql",
        JSONSchema(
            kinds: [.string],
            description: "One SQL statement or several; all of them take effect, or none.",
            pattern: notBlank, minimumLength: 1))

    static let schemaPlanBodySchema = JSONSchema.object([sql])

    static let schemaUpdateBodySchema = JSONSchema.object([
        sql,
        .optional("dry_run", .boolean("Whether it is only asked what the SQL would do.")),
        .optional(
            "plan_hash",
            .string(
                "The plan that is meant: any other is refused.",
                pattern: BodyReader.planHashPattern
            ).nullable),
        .optional(
            "retry",
            .integer(
                Int64(
                    SchemaUpdateRequest.retries.lowerBound)...Int64(
                        SchemaUpdateRequest.retries.upperBound),
                "Further tries, with growing pauses, where a lock is not to be had in time.")),
    ])

    static let schemaUpdateAnswerSchema = JSONSchema(
        kinds: [.object], description: "What was done, or would be.",
        alternatives: [.reference(.schemaUpdate), .reference(.schemaPlan)])

    static let schemaUpdateSchema = JSONSchema.object(
        [
            .required("detail", .string()),
            .required("change_id", .integer(1...Int64.max, "Its number in `schema_changes`.")),
            .required("applied_at", moment),
            .required("duration_ms", .number("How long it took.")),
        ] + plan, "A change that was applied.")

    static let schemaPlanSchema = JSONSchema.object(
        [
            .required("detail", .string()),
            .required("dry_run", .boolean("`true`: nothing was changed.")),
        ] + plan, "What SQL would do.")

    /// What SQL does.
    static let plan: [JSONSchema.Property] = [
        .required(
            "plan_hash",
            .string(
                "Stands for the SQL, the schema before it and what it changes there.",
                pattern: BodyReader.planHashPattern)),
        .required(
            "statements", .array(of: statement, "The SQL's statements in turn, and what each did.")
        ),
        .required("diff", .array(of: difference, "What is otherwise in the catalogue.")),
        .required(
            "rows_changed",
            .array(of: changedRows, "By table, those of triggers and of taken back parts too.")),
        .required("locks", .array(of: lock, "On what was there before, as `pg_locks` has them.")),
        .required("held_ms", .number("From the start of the SQL until the guards looked.")),
        .required("guards", .array(of: verdict, "What each guard says.")),
        .required("is_complete", .boolean("`false` where a list was cut after 1,000.")),
    ]

    private static let statement = JSONSchema.object([
        .required("sql", .string()),
        .required(
            "command",
            .string(
                "As PostgreSQL calls it, such as `ALTER TABLE`; null where it could not be told "
                    + "from the statements after it."
            ).nullable),
        .required("rows", .integer(0...Int64.max, "Rows that it gave, or changed by itself.")),
    ])

    private static let difference = JSONSchema.object([
        .required("change", .enum(["added", "removed", "changed"])),
        .required("kind", .string("Such as `table`, `column`, `index` or `trigger`.")),
        .required("object", .string("Its name, and of what.")),
        .required("before", .string("Its definition before.").nullable),
        .required("after", .string("Its definition now.").nullable),
    ])

    private static let changedRows = JSONSchema.object([
        .required("table", .string()), .required("inserted", .integer()),
        .required("updated", .integer()), .required("deleted", .integer()),
    ])

    private static let lock = JSONSchema.object([
        .required("table", .string()), .required("mode", .string()),
    ])

    private static let verdict = JSONSchema.object([
        .required("guard", .enum(SchemaGuard.allCases.map(\.rawValue))),
        .required("passed", .boolean()),
        .required("saw", .array(of: .string(), "What it objects to; empty where it passed.")),
    ])

    static let schemaListingSchema = JSONSchema.object([
        .required("tables", .array(of: table, "In the order of their names.")),
        .required("is_complete", .boolean("`false` where the listing was cut.")),
    ])

    private static let table = JSONSchema.object([
        .required("name", .string("With its schema.")),
        .required("kind", .enum(["table", "view"])),
        .required(
            "columns",
            .array(
                of: .object([
                    .required("name", .string()), .required("type", .string()),
                    .required("nullable", .boolean()),
                    .required("default", .string("An SQL expression.").nullable),
                ]))),
    ])

    static let schemaChangePageSchema = JSONSchema.object([
        .required("changes", .array(of: .reference(.schemaChange), "Newest first.")),
        .required("next_cursor", nextCursor),
    ])

    static let schemaChangeSchema = JSONSchema.object(
        [
            .required("change_id", .integer(1...Int64.max, "Its number.")),
            .required(
                "outcome",
                .string("`applied`, or `refused:` with the guard or PostgreSQL's SQLSTATE.")),
            .required("applied_at", moment),
            .required("duration_ms", .number("How long it took, retries included.")),
            .required("sql", .string()),
            .required("request_id", .string("The X-Request-Id of the request.")),
            .required("actor", .string("Whose key it was, where one was needed.").nullable),
            .required("diff", JSONSchema.array(of: difference).nullable),
            .required("rows_changed", JSONSchema.array(of: changedRows).nullable),
        ], "A change of the schema, or a refused one.")
}
