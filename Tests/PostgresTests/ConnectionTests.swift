import Testing

@testable import Postgres

@Suite("Connection") struct ConnectionTests {
    @Test func `runs statements one after the other, whoever asks`() async throws {
        try await withTestConnection { connection, _ in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<200 {
                    group.addTask {
                        try await connection.run("SELECT \(number)")[0].decode(Int.self) == number
                    }
                }
                for try await isSame in group { #expect(isSame) }
            }
        }
    }

    @Test func `runs a pipeline in one round trip and one transaction`() async throws {
        try await withTestConnection { connection, _ in
            try await connection.runScript("CREATE TABLE t (n bigint CHECK (n > 0))")
            let results = try await connection.runPipeline([
                "INSERT INTO t VALUES (\(1)), (\(2))", "SELECT sum(n)::bigint FROM t", "",
                "UPDATE t SET n = n + 1",
            ])
            #expect(results.map(\.affectedRows) == [2, 1, 0, 2])
            #expect(try results[1][0].decode(Int64.self) == 3)

            let message = try await serverMessage {
                try await connection.runPipeline([
                    "INSERT INTO t VALUES (\(7))", "INSERT INTO t VALUES (\(-1))", "SELECT 1",
                ])
            }
            #expect(message.sqlState == .checkViolation)
            #expect(message.statementIndex == 1)
            #expect(try await connection.count("t WHERE n = 7") == 0)
        }
    }

    @Test func `runs a pipeline that is larger than any buffer`() async throws {
        try await withTestConnection { connection, _ in
            let text = String(repeating: "x", count: 3_000_000)
            let results = try await connection.runPipeline(
                (0..<8).map { "SELECT \(text) || \("\($0)")" })
            let lengths = try results.map { try $0[0].decode(String.self).utf8.count }
            #expect(lengths == Array(repeating: 3_000_001, count: 8))
            #expect(try await connection.runPipeline([]).isEmpty)
        }
    }

    @Test func `reports an error that only the commit finds`() async throws {
        try await withTestConnection { connection, _ in
            try await connection.runScript(Self.deferredKey)
            let message = try await serverMessage {
                try await connection.runPipeline(["INSERT INTO b VALUES (\(1))", "SELECT 1"])
            }
            #expect(message.sqlState == .foreignKeyViolation)
            #expect(message.statementIndex == nil)
            #expect(try await connection.count("b") == 0)
        }
    }

    static let deferredKey = """
        CREATE TABLE a (n bigint PRIMARY KEY);
        CREATE TABLE b (n bigint REFERENCES a DEFERRABLE INITIALLY DEFERRED)
        """

    @Test func `runs scripts, between pipelines too`() async throws {
        try await withTestConnection { connection, _ in
            try await connection.runScript("CREATE TABLE t (n int); INSERT INTO t VALUES (1), (2)")
            #expect(try await connection.count("t") == 2)
            let error = await postgresError {
                try await connection.runScript("INSERT INTO t VALUES (3); SELECT 1/0; SELECT 2")
            }
            #expect(error?.kind == "server 22012")
            try await connection.runScript("")
            #expect(try await connection.count("t") == 2)
        }
    }

    @Test func `refuses what it cannot send, and stays usable`() async throws {
        try await withTestConnection { connection, _ in
            let manyBinds = Statement.StringInterpolation.withBinds(Statement.bindLimit + 1)
            for statement in ["SELECT '\0'", Statement(stringInterpolation: manyBinds)] {
                let error = await postgresError {
                    try await connection.runPipeline(["SELECT 1", statement])
                }
                #expect(error?.kind == "notSendable")
            }
            let error = await postgresError { try await connection.run("SELECT \("a\0b")") }
            #expect(error?.sqlState == .characterNotInRepertoire)
            try await connection.run("SELECT 1")
        }
    }

    @Test func `gives COPY up, and itself with it`() async throws {
        try await withTestConnection { connection, _ in
            let error = await postgresError {
                try await connection.runScript("COPY (SELECT 1) TO STDOUT")
            }
            #expect(error?.kind == "outcomeUnknown")
            #expect(await !connection.isUsable)
        }
    }

    @Test func `fails every call after it was closed`() async throws {
        try await withTestConnection { connection, _ in
            await connection.close()
            await connection.close()
            let error = await postgresError { try await connection.run("SELECT 1") }
            #expect(error?.kind == "connectionLost")
        }
    }
}

extension Statement.StringInterpolation {
    static func withBinds(_ count: Int) -> Self {
        var interpolation = Self(literalCapacity: 0, interpolationCount: count)
        for _ in 0..<count { interpolation.appendInterpolation(true) }
        return interpolation
    }
}

extension Connection {
    func count(_ table: String) async throws -> Int {
        try await run("SELECT count(*) FROM \(unescaped: table)")[0].decode(Int.self)
    }
}
