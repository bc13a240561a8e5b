import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite("Prepared statements") struct StatementNamesTests {
    @Test func `are those that came twice`() async throws {
        try await withTestConnection { connection, _ in
            for number in 1...3 {
                #expect(try await connection.double(Int64(number)) == Int64(2 * number))
            }
            try await connection.run("SELECT 'once'")
            #expect(try await connection.preparedTexts() == ["SELECT 2 * $1"])
        }
    }

    @Test func `within one pipeline are prepared once`() async throws {
        try await withTestConnection { connection, _ in
            let statement: Statement = "SELECT 2 * \(Int64(21))"
            for _ in 1...2 {
                let results = try await connection.runPipeline([statement, statement, statement])
                let numbers: [Int64] = try results.map { try $0[0].decode(Int64.self) }
                #expect(numbers == [42, 42, 42])
            }
        }
    }

    @Test func `are not counted as prepared where an earlier statement failed`() async throws {
        try await withTestConnection { connection, _ in
            _ = try await connection.double(1)
            let error = await postgresError {
                try await connection.runPipeline(["SELECT 1 / 0", "SELECT 2 * \(Int64(1))"])
            }
            #expect(error?.sqlState == SQLState(rawValue: "22012"))
            #expect(try await connection.double(4) == 8)
            #expect(try await connection.preparedTexts() == ["SELECT 2 * $1"])
        }
    }

    /// What a pooler does that gives each transaction another server connection.
    @Test func `that have vanished are done without, and nobody notices`() async throws {
        try await withTestConnection { connection, _ in
            for _ in 1...2 { _ = try await connection.double(1) }
            try await connection.runScript("DEALLOCATE ALL")
            for number in 1...3 {
                #expect(try await connection.double(Int64(number)) == Int64(2 * number))
            }
            #expect(try await connection.preparedTexts().isEmpty)
            #expect(await !connection.settings.names.isGiven)
            #expect(await connection.isClean)
        }
    }

    /// What a pooler does that gives us a server connection on which another client was before.
    @Test func `whose name is taken are done without`() async throws {
        try await withTestConnection { other, address in
            for _ in 1...2 { _ = try await other.double(1) }
            let name = try await other.preparedNames()[0]
            try await withConnection(address, on: other.loop) { connection in
                try await connection.runScript("PREPARE \(name) AS SELECT 1")
                for number in 1...3 {
                    #expect(try await connection.double(Int64(number)) == Int64(2 * number))
                }
            }
        }
    }

    @Test func `of a table whose columns changed are planned anew`() async throws {
        try await withTestConnection { connection, _ in
            try await connection.runScript("CREATE TABLE t AS SELECT 1::int AS a")
            for _ in 1...2 { try await connection.run("SELECT a FROM t") }
            try await connection.runScript("ALTER TABLE t ALTER a TYPE bigint")
            #expect(try await connection.run("SELECT a FROM t")[0].decode(Int64.self) == 1)
            #expect(await connection.settings.names.isGiven)
            #expect(await !connection.isClean, "the pool replaces it")
        }
    }

    @Test func `that fail in a transaction fail it, and say that it may be tried again`()
        async throws
    {
        try await withTestConnection { connection, _ in
            for _ in 1...2 { _ = try await connection.double(1) }
            try await connection.runScript("DEALLOCATE ALL")
            let error = await postgresError {
                try await connection.transaction { try await $0.double(1) }
            }
            guard case .server(let message) = try #require(error) else {
                return #expect(Bool(false), "\(String(describing: error))")
            }
            #expect(message.isOfStaleName)
            #expect(try await connection.transaction { try await $0.double(1) } == 2)
        }
    }

    @Test func `are not made where the settings say so`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            var settings = PoolSettings.patient(size: 1)
            settings.preparesStatements = false
            try await withPool(address, settings) { pool in
                let texts = try await pool.withConnection { connection in
                    for _ in 1...3 { _ = try await connection.double(1) }
                    return try await connection.preparedTexts()
                }
                #expect(texts.isEmpty)
            }
        }
    }

    @Test func `have names that tell statements and their types apart`() {
        var names = StatementNames(trust: NameTrust())
        let number: Statement = "SELECT \(Int64(1))"
        let text: Statement = "SELECT \("1")"
        _ = names.steps(for: [number, text])
        let prepared = names.steps(for: [number, text]).compactMap { step in
            if case .prepare(_, let name) = step { name } else { nil }
        }
        #expect(Set(prepared).count == 2)
    }
}

extension Connection {
    fileprivate func double(_ number: Int64) async throws(PostgresError) -> Int64 {
        try await run("SELECT 2 * \(number)")[0].decode(Int64.self)
    }

    fileprivate func preparedTexts() async throws(PostgresError) -> [String] {
        try await preparedColumn("statement")
    }

    fileprivate func preparedNames() async throws(PostgresError) -> [String] {
        try await preparedColumn("name")
    }

    /// Of those that the protocol prepared; a new text each time, so that it is none of them.
    private func preparedColumn(_ column: String) async throws(PostgresError) -> [String] {
        let rows = try await run(
            """
            SELECT \(unescaped: column)::text FROM pg_prepared_statements
            WHERE NOT from_sql AND statement NOT LIKE '%pg_prepared%' ORDER BY 1
            """)
        return try rows.map { row throws(PostgresError) in try row.decode(String.self) }
    }
}
