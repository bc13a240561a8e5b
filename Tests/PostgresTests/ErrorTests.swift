import Testing

@testable import Postgres

@Suite("A server's error") struct ServerErrorTests {
    @Test func `carries the server's fields`() async throws {
        try await withTestConnection { connection, _ in
            try await connection.runScript(
                "CREATE TABLE people (email text CONSTRAINT one_each UNIQUE)")
            try await connection.run("INSERT INTO people VALUES (\("a@b.example"))")
            let message = try await serverMessage {
                try await connection.run("INSERT INTO people VALUES (\("a@b.example"))")
            }
            #expect(message.sqlState == .uniqueViolation)
            #expect(message.severity == "ERROR")
            #expect(message.detail == "Key (email)=(a@b.example) already exists.")
            #expect(message.schema == "public" && message.table == "people")
            #expect(message.constraint == "one_each")
            #expect(message.statementIndex == nil)
        }
    }

    @Test func `shows nobody's data when printed`() async throws {
        try await withTestConnection { connection, _ in
            try await connection.runScript("CREATE TABLE people (email text UNIQUE)")
            let statements: [Statement] = [
                "INSERT INTO people VALUES (\("hunter2")), (\("hunter2"))",
                "SELECT \("hunter2")::text::int",
                "SELECT \("{hunter2")::json",
                "DO $$ BEGIN RAISE 'hunter2'; END $$",
            ]
            for statement in statements {
                let error = await postgresError { try await connection.run(statement) }
                let printed = try "\(#require(error)) \(String(reflecting: #require(error)))"
                #expect(!printed.contains("hunter2"))
                #expect(printed.contains("PostgreSQL: ERROR"))
            }
        }
    }

    @Test(arguments: [
        ("SELEC 1", SQLState.syntaxError, 1), ("SELECT nothing", .undefinedColumn, 8),
        ("SELECT 1 FROM nowhere", .undefinedTable, 15), ("SELECT f()", .undefinedFunction, 8),
    ])
    func `says where in the statement it was`(
        _ sql: String, _ state: SQLState, _ position: Int
    ) async throws {
        try await withTestConnection { connection, _ in
            let message = try await serverMessage {
                try await connection.run(Statement(unescaped: sql))
            }
            #expect(message.sqlState == state)
            #expect(message.position == position)
            #expect("\(message)".contains(message.message))
        }
    }

    @Test func `says where in a statement that ran inside ours it was`() async throws {
        try await withTestConnection { connection, _ in
            let message = try await serverMessage {
                try await connection.run("DO $$ BEGIN EXECUTE 'SELECT nothing'; END $$")
            }
            #expect(message.internalPosition == 8)
        }
    }
}

@Suite("SQLState") struct SQLStateTests {
    @Test(arguments: [
        (SQLState.serializationFailure, true), (.deadlockDetected, true), (.lockNotAvailable, true),
        (.tooManyConnections, true), (.adminShutdown, true), (.cannotConnectNow, true),
        (.connectionFailure, true), (.uniqueViolation, false), (.queryCanceled, false),
        (.syntaxError, false), (.checkViolation, false),
    ])
    func `knows what may be tried again`(_ state: SQLState, _ isTransient: Bool) {
        #expect(state.isTransient == isTransient)
    }
}
