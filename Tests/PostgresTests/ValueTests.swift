import Testing

@testable import Postgres

@Suite("Values") struct ValuesTests {
    @Test func `go to the server and come back unchanged`() async throws {
        try await withTestConnection { connection, _ in
            try await same([true, false], on: connection)
            try await same([Int32.min, -1, 0, .max], on: connection)
            try await same([Int64.min, -1, 0, .max], on: connection)
            try await same([Int.min, .max], on: connection)
            try await same([0.1, -0.0, .infinity, .leastNonzeroMagnitude], on: connection)
            try await same(
                ["", "ö🙂'\"\\\n", String(repeating: "x", count: 70_000)], on: connection)
            try await same([-1, 0, 1_795_331_909_093_827, .max].map(timestamp), on: connection)
            try await same([-719_162, -1, 0, 20_779].map(day), on: connection)
        }
    }

    @Test func `go as arrays too`() async throws {
        try await withTestConnection { connection, _ in
            try await same([[], [true, false]] as [[Bool]], on: connection)
            try await same([[], [Int64.min, .max]] as [[Int64]], on: connection)
            try await same([[], [nil], [1, nil, -1]] as [[Int64?]], on: connection)
            try await same([[], ["", "a,b", "{}", "NULL"]] as [[String]], on: connection)
            try await same([[nil, "x", nil]] as [[String?]], on: connection)
            try await same([[], [timestamp(-1), timestamp(1)]], on: connection)
            try await same([[day(1)]], on: connection)
            try await same([Array(0..<20_000)] as [[Int]], on: connection)
        }
    }

    @Test func `may be NULL where the type says so`() async throws {
        try await withTestConnection { connection, _ in
            try await same([nil, 1] as [Int64?], on: connection)
            try await same([nil, "x"] as [String?], on: connection)
            try await same([nil, true] as [Bool?], on: connection)
            try await same([nil, [], [1]] as [[Int64]?], on: connection)
        }
    }

    private func same<Value: PostgresEncodable & PostgresDecodable & Equatable>(
        _ values: [Value], on connection: Connection
    ) async throws {
        for value in values {
            let row = try await connection.run("SELECT \(value)")[0]
            #expect(try row.decode(Value.self) == value)
        }
    }

    private func timestamp(_ microseconds: Int64) -> PostgresTimestamp {
        PostgresTimestamp(microsecondsSinceUnixEpoch: microseconds)
    }

    private func day(_ days: Int32) -> PostgresDate {
        PostgresDate(daysSinceUnixEpoch: days)
    }

    @Test func `mean to the server what they mean here`() async throws {
        try await withTestConnection { connection, _ in
            let row = try await connection.run(
                """
                SELECT \(timestamp(1_795_331_909_093_827))::text, \(day(20_779))::text,
                    \([Int64(1), 2])::text, \(-1.5)::text, \("{\"a\": 1}")::jsonb::text
                """)[0]
            let (time, date, array, number, json) = try row.decode(
                String.self, String.self, String.self, String.self, String.self)
            #expect(time == "2026-11-22 07:18:29.093827+00")
            #expect(date == "2026-11-22")
            #expect([array, number, json] == ["{1,2}", "-1.5", #"{"a": 1}"#])
        }
    }

    @Test(arguments: [
        "SELECT 'x'::text", "SELECT 'x'::varchar(9)", "SELECT 'x'::char(1)", "SELECT 'x'::name",
    ])
    func `are read as text from every kind of text`(_ sql: String) async throws {
        try await withTestConnection { connection, _ in
            let row = try await connection.run(Statement(unescaped: sql))[0]
            #expect(try row.decode(String.self) == "x")
        }
    }

    @Test func `are read as json's text from json and jsonb`() async throws {
        try await withTestConnection { connection, _ in
            let row = try await connection.run("SELECT '{ }'::json, '{ }'::jsonb")[0]
            #expect(try row.decode(String.self, String.self) == ("{ }", "{}"))
        }
    }

    @Test func `are read from narrower types`() async throws {
        try await withTestConnection { connection, _ in
            let row = try await connection.run(
                "SELECT 7::int2, 7::int4, 4294967295::oid, 0.5::real, 7::int2, TIMESTAMP 'epoch'"
            )[0]
            let values = try row.decode(
                Int64.self, Int.self, Int64.self, Double.self, Int32.self, PostgresTimestamp.self)
            #expect(values == (7, 7, 4_294_967_295, 0.5, 7, timestamp(0)))
        }
    }

    @Test(arguments: [
        ("SELECT NULL::int8 AS c", DecodingFailure.Reason.null),
        ("SELECT 1::numeric AS c", .wrongType), ("SELECT 'x'::text AS c", .wrongType),
        ("SELECT '{1}'::int8[] AS c", .wrongType),
    ])
    func `that do not fit name their column and types`(
        _ sql: String, _ reason: DecodingFailure.Reason
    ) async throws {
        try await withTestConnection { connection, _ in
            let row = try await connection.run(Statement(unescaped: sql))[0]
            let error = await postgresError { try row["c", Int64.self] }
            let failure = try #require(error?.decodingFailure)
            #expect(failure.reason == reason)
            #expect(failure.column == "c")
            #expect("\(failure)".contains("OID \(failure.type.rawValue)"))
        }
    }

    @Test func `out of range are refused on both sides`() async throws {
        try await withTestConnection { connection, _ in
            for sql in ["SELECT 'infinity'::timestamptz", "SELECT '294276-12-31'::timestamptz"] {
                let row = try await connection.run(Statement(unescaped: sql))[0]
                #expect(throws: PostgresError.self) { try row.decode(PostgresTimestamp.self) }
            }
            for value in [Int64.min, .min + 946_684_800_000_000] as [Int64] {
                let error = await postgresError {
                    try await connection.run("SELECT \(timestamp(value))")
                }
                #expect(error?.sqlState == .datetimeFieldOverflow)
            }
            for value in [Int32.min, .min + 10_957, .max] {
                let error = await postgresError { try await connection.run("SELECT \(day(value))") }
                #expect(error?.sqlState == .datetimeFieldOverflow)
            }
        }
    }

    @Test func `of arrays that do not fit are refused`() async throws {
        try await withTestConnection { connection, _ in
            let row = try await connection.run(
                "SELECT '{1,NULL}'::int8[], '{{1},{2}}'::int8[], '{a}'::text[], 5")[0]
            for column in 0..<4 {
                let field = Field(result: row.result, row: 0, column: column)
                #expect(throws: PostgresError.self) { try [Int64].decode(field) }
            }
        }
    }

    @Test func `are found by the column's place and name`() async throws {
        try await withTestConnection { connection, _ in
            let rows = try await connection.run(
                "SELECT n, 'row ' || n AS name FROM generate_series(1, 3) n")
            #expect(rows.columnNames == ["n", "name"])
            #expect(rows.affectedRows == 3)
            #expect(try rows.map { try $0["name", String.self] } == ["row 1", "row 2", "row 3"])
            #expect(try rows[1].decode(Int.self, String.self) == (2, "row 2"))
            #expect(throws: PostgresError.self) { try rows[0]["nothing", Int.self] }
            #expect(throws: PostgresError.self) { try rows[0].decode(Int.self) }
            #expect(throws: PostgresError.self) {
                try rows[0].decode(Int.self, String.self, Int.self)
            }
        }
    }
}
