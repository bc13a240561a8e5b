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
                name: "Add a column", target: .operation("updateSchema"),
                purpose: "The usual kind of change.", body: addColumn, checks: [isRecorded]),
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
                name: "Wrong key", target: .operation("updateSchema"),
                purpose: "A server without keys looks at the body, which has no SQL.",
                headers: [("Authorization", "Bearer wrong-{{$guid}}")], isAnonymous: true,
                body: .json([:]),
                outcome: .guarded(.invalidKey, else: .invalidValue)),
        ])

    private static let addColumn = sql("ALTER TABLE {{scratchTable}} ADD COLUMN note text")

    private static func sql(_ text: String) -> CollectionStep.Body {
        .json(["sql": .string(text)])
    }

    private static let isRecorded = CollectionStep.Check(
        "Change is recorded",
        "pm.expect(body.detail).to.equal('Schema updated');",
        "pm.expect(body.change_id).to.be.at.least(1);",
        "pm.expect(body.duration_ms).to.be.at.least(0);")
}
