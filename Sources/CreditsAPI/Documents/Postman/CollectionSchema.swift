extension PostmanCollection {
    static let schema = CollectionFolder(
        name: "Schema",
        description: "Changes the database with SQL, on a table of its own that it drops again. "
            + "A key needs the scope `schema:apply`.",
        steps: [
            CollectionStep(
                name: "Create a scratch table", target: .operation("updateSchema"),
                purpose: "Its name is new in every run.",
                body: sql("CREATE TABLE {{scratchTable}} (id bigint PRIMARY KEY)"),
                preparation: [
                    "const guid = pm.variables.replaceIn('{{$guid}}').replace(/-/g, '');",
                    "pm.collectionVariables.set('scratchTable', 'scratch_' + guid);",
                ],
                checks: [isRecorded]),
            CollectionStep(
                name: "Plan a column", target: .operation("planSchema"),
                purpose: "The plan is told, and nothing is changed.", body: addColumn,
                checks: [
                    .init(
                        "Plan has the column and its locks",
                        "pm.expect(body.dry_run).to.be.true;",
                        "pm.expect(body.statements[0].command).to.equal('ALTER TABLE');",
                        "pm.expect(body.diff.length).to.equal(1);",
                        "pm.expect(body.diff[0].change).to.equal('added');",
                        "pm.expect(body.locks.length).to.be.at.least(1);",
                        "pm.expect(body.guards.every((guard) => guard.passed)).to.be.true;")
                ],
                memory: ["pm.collectionVariables.set('planHash', body.plan_hash);"]),
            CollectionStep(
                name: "Add a column as planned", target: .operation("updateSchema"),
                purpose: "With the plan's hash, so that nothing else can be applied.",
                body: .json([
                    "sql": .string(addNote), "plan_hash": "{{planHash}}", "retry": 2,
                ]), checks: [isRecorded]),
            CollectionStep(
                name: "Apply the same plan again", target: .operation("updateSchema"),
                purpose: "The schema is another one by now, so the SQL cannot be what was planned.",
                body: .json([
                    "sql": .string("ALTER TABLE {{scratchTable}} ADD COLUMN other text"),
                    "plan_hash": "{{planHash}}",
                ]), outcome: .problem(.schemaPlanDiffers),
                checks: [
                    .init(
                        "Answer has the plan as it is now",
                        "pm.expect(body.plan_hash).not.to.equal("
                            + "pm.collectionVariables.get('planHash'));")
                ]),
            CollectionStep(
                name: "Take away what the service needs", target: .operation("updateSchema"),
                purpose: "A guard refuses it, and names what it saw.",
                body: sql("ALTER TABLE users DROP COLUMN name"), outcome: .problem(.schemaGuard),
                checks: [
                    .init(
                        "Guard has a name",
                        "pm.expect(body.guard).to.equal('required-objects');",
                        "pm.expect(body.saw).to.include('column users.name is missing');")
                ]),
            CollectionStep(
                name: "Add the column a second time", target: .operation("updateSchema"),
                purpose: "PostgreSQL refuses it, and its words are passed on.", body: addColumn,
                outcome: .problem(.schemaChangeRejected),
                checks: [
                    .init(
                        "SQLSTATE is 'duplicate column'",
                        "pm.expect(body.sqlstate).to.equal('42701');")
                ]),
            CollectionStep(
                name: "Change that fails halfway", target: .operation("updateSchema"),
                purpose: "The first statement alone would work; the second takes both back.",
                body: sql(
                    "ALTER TABLE {{scratchTable}} DROP COLUMN note; "
                        + "ALTER TABLE {{scratchTable}} DROP COLUMN nowhere"),
                outcome: .problem(.schemaChangeRejected),
                checks: [
                    .init(
                        "SQLSTATE is 'undefined column'",
                        "pm.expect(body.sqlstate).to.equal('42703');")
                ]),
            CollectionStep(
                name: "SQL with a mistake", target: .operation("updateSchema"),
                purpose: "The position counts characters from 1.", body: sql("ALTER TABEL x"),
                outcome: .problem(.schemaChangeRejected),
                checks: [
                    .init(
                        "SQLSTATE is 'syntax error', with its place",
                        "pm.expect(body.sqlstate).to.equal('42601');",
                        "pm.expect(body.position).to.equal(7);")
                ]),
            CollectionStep(
                name: "Drop the column", target: .operation("updateSchema"),
                purpose: "It is still there: the change that failed halfway did not drop it.",
                body: sql("ALTER TABLE {{scratchTable}} DROP COLUMN note"), checks: [isRecorded]),
            CollectionStep(
                name: "Drop the scratch table", target: .operation("updateSchema"),
                purpose: "Nothing stays but the record.", body: sql("DROP TABLE {{scratchTable}}"),
                checks: [isRecorded]),
            CollectionStep(
                name: "Read the schema", target: .operation("getSchema"),
                purpose: "As it is now, without the scratch table.",
                checks: [
                    .init(
                        "Users have their columns",
                        "const users = body.tables.find((table) => "
                            + "table.name.endsWith('.users'));",
                        "const names = users.columns.map((column) => column.name);",
                        "for (const name of ['user_id', 'email', 'name']) {",
                        "    pm.expect(names).to.include(name);",
                        "}")
                ]),
            CollectionStep(
                name: "Read what was done to the schema", target: .operation("listSchemaChanges"),
                purpose: "Applied or refused, the newest first.", query: [("limit", "2")],
                checks: [
                    .init(
                        "Newest is the end of the scratch table",
                        "pm.expect(body.changes[0].outcome).to.equal('applied');",
                        "pm.expect(body.changes[0].sql).to.match(/^DROP TABLE scratch/);",
                        "pm.expect(body.changes.length).to.equal(2);")
                ]),
            CollectionStep(
                name: "Wrong key", target: .operation("updateSchema"),
                purpose: "A server without keys looks at the body, which has no SQL.",
                headers: [("Authorization", "Bearer wrong-{{$guid}}")], isAnonymous: true,
                body: .json([:]),
                outcome: .guarded(.invalidKey, else: .invalidValue)),
        ])

    private static let addNote = "ALTER TABLE {{scratchTable}} ADD COLUMN note text"
    private static let addColumn = sql(addNote)

    private static func sql(_ text: String) -> CollectionStep.Body {
        .json(["sql": .string(text)])
    }

    private static let isRecorded = CollectionStep.Check(
        "Change is recorded",
        "pm.expect(body.detail).to.equal('Schema updated');",
        "pm.expect(body.change_id).to.be.at.least(1);",
        "pm.expect(body.duration_ms).to.be.at.least(0);")
}
