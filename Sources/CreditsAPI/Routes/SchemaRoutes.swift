import HTTP
import Ledger

/// The part of the table that looks at the database's shape and changes it.
extension RouteTable {
    static let schema: [Route] = [
        Route(
            method: .post, path: "/api/schema/update",
            operationID: "updateSchema", tag: .schema,
            summary: "Change the database schema",
            description: "Runs the SQL in one transaction of its own, records it in "
                + "`schema_changes`, and takes it back whole where any of it fails or a guard "
                + "objects: what the service needs, its ledger and its statements stay as they "
                + "are. With `dry_run` it only tells what the SQL would do. With the `plan_hash` "
                + "of such a plan it is refused where the SQL would do something else by now. "
                + "Commands that cannot run in a transaction (`VACUUM`, `CREATE INDEX "
                + "CONCURRENTLY`) are refused by PostgreSQL.",
            requestBody: BodyDescription(schema: .schemaUpdateBody, example: Example.schemaUpdate),
            responses: [
                .json(
                    .ok, "The change is made; or told, where it was a dry run.",
                    .schemaUpdateAnswer, example: Example.schemaUpdated)
            ],
            problems: .schemaChange + [.schemaGuard, .schemaPlanDiffers, .outcomeUnknown],
            access: .requires(.applySchema),
            handler: .waiting(SchemaEndpoints.update)),
        Route(
            method: .post, path: "/api/schema/plan",
            operationID: "planSchema", tag: .schema,
            summary: "Ask what SQL would do to the schema",
            description: "Runs the SQL as an update does and takes it back: what each "
                + "statement did, what is otherwise in the catalogue, rows by table, the locks "
                + "that it takes and for how long, and what each guard says. The locks are real "
                + "ones while it runs. Give the `plan_hash` to an update to have this plan applied "
                + "and no other.",
            requestBody: BodyDescription(schema: .schemaPlanBody, example: Example.schemaPlanning),
            responses: [
                .json(.ok, "What the SQL would do.", .schemaPlan, example: Example.schemaPlan)
            ],
            problems: .schemaChange, access: .requires(.planSchema),
            handler: .waiting(SchemaEndpoints.plan)),
        Route(
            method: .get, path: "/api/schema",
            operationID: "getSchema", tag: .schema,
            summary: "Read the database schema",
            description: "The tables and views with their columns, as they are now. A listing "
                + "ends after 10,000 columns, and `is_complete` is then false.",
            responses: [
                .json(.ok, "The tables.", .schemaListing, example: Example.schemaListing)
            ],
            problems: .database, access: .requires(.planSchema),
            handler: .waiting(SchemaEndpoints.tables)),
        Route(
            method: .get, path: "/api/schema/changes",
            operationID: "listSchemaChanges", tag: .schema,
            summary: "Read what was done to the schema",
            description: "A page of schema changes and of refused ones, newest first: the SQL, "
                + "what it changed, who sent it, and what became of it. Ask again with the "
                + "`next_cursor` of the answer, or follow its Link, until it is null. Query "
                + "parameters that this call does not know are refused.",
            parameters: [.newestFirstLimit, .newestFirstCursor],
            responses: [
                .json(
                    .ok, "A page of changes.", .schemaChangePage,
                    example: Example.schemaChangePage, headers: [.nextPage])
            ],
            problems: [.invalidValue] + .database, access: .requires(.planSchema),
            handler: .waiting(SchemaEndpoints.changes)),
    ]
}

extension [ProblemType] {
    /// Running SQL, to keep what it does or not.
    fileprivate static let schemaChange: [ProblemType] =
        body + [.schemaChangeRejected, .schemaLocked, .schemaBusy] + database
}
