import TestSupport
import Testing

/// The limits of the SQL and of the body that carries it, with their defaults.
struct SchemaSizeTests {
    private static let limit = 1 << 20

    /// SQL as people write it: lines of some length, and quoted names.
    private static func sql(of size: Int) -> String {
        let start = "CREATE TABLE long ();\n"
        let line = "-- The column \"name\" of the table \"users\" says 'what it is'.\n"
        let lines = String(repeating: line, count: size / line.utf8.count + 1)
        return start + lines.prefix(size - start.utf8.count)
    }

    private static func body(_ sql: String) -> String {
        let escaped = sql.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return #"{"sql":"\#(escaped)"}"#
    }

    @Test func `SQL of the largest size is applied, and a byte more is refused as SQL`()
        async throws
    {
        try await withServer { server, database in
            let large = Self.sql(of: Self.limit)
            #expect(large.utf8.count == Self.limit)
            let tooLarge = try await server.send(
                "POST", "/api/schema/update", Self.body(large + "x"))
            #expect(tooLarge.status == 422)
            #expect(tooLarge.body.contains("SCHEMA_MAX_SQL_SIZE"))

            let applied = try await server.send("POST", "/api/schema/update", Self.body(large))

            #expect(applied.status == 200, "\(applied.body.prefix(300))")
            let recorded = try await database.run(
                "SELECT octet_length(sql), to_regclass('long') FROM schema_changes")
            #expect(recorded == [["\(Self.limit)", "long"]])
        }
    }

    @Test func `a body beyond the limit is refused, by the name of the setting`() async throws {
        try await withServer { server, _ in
            let answer = try await server.send(
                "POST", "/api/schema/update", Self.body(Self.sql(of: 2 * Self.limit)))
            #expect(answer.status == 413)
            #expect(answer.body.contains("HTTP_MAX_BODY_SIZE"))
        }
    }
}
