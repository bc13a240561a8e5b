import TestSupport
import Testing

@testable import Postgres

@Suite("A transaction") struct TransactionTests {
    @Test func `commits what its body did`() async throws {
        try await withTable { connection, _ in
            let value = try await connection.transaction { connection in
                try await connection.run("INSERT INTO t VALUES (1)")
                return connection.isInTransaction
            }
            #expect(value)
            #expect(await !connection.isInTransaction)
            #expect(try await connection.count("t") == 1)
        }
    }

    struct Refused: Error {}

    @Test func `rolls back when its body throws, and throws that`() async throws {
        try await withTable { connection, _ in
            await #expect(throws: Refused.self) {
                try await connection.transaction { connection in
                    try await connection.run("INSERT INTO t VALUES (1)")
                    throw Refused()
                }
            }
            let count = try await connection.count("t")
            #expect(count == 0)
            #expect(await connection.isClean)
        }
    }

    @Test func `rolls back even when its task is cancelled`() async throws {
        try await withTable { connection, _ in
            let task = Task {
                try await connection.transaction { connection in
                    try await connection.run("INSERT INTO t VALUES (1)")
                    withUnsafeCurrentTask { $0?.cancel() }
                    try await connection.run("INSERT INTO t VALUES (2)")
                }
            }
            let error = await postgresError { try await task.value }
            #expect(error?.kind == "cancelled")
            #expect(await connection.isClean)
            let count = try await connection.count("t")
            #expect(count == 0)
        }
    }

    @Test func `that was cancelled too late commits`() async throws {
        try await withTable { connection, _ in
            let task = Task {
                try await connection.transaction { connection in
                    try await connection.run("INSERT INTO t VALUES (1)")
                    withUnsafeCurrentTask { $0?.cancel() }
                }
            }
            try await task.value
            #expect(try await connection.count("t") == 1)
        }
    }

    @Test func `says so when COMMIT rolled back`() async throws {
        try await withTable { connection, _ in
            let error = await postgresError {
                try await connection.transaction { connection in
                    _ = await postgresError { try await connection.run("SELECT 1/0") }
                }
            }
            #expect(error?.kind == "rolledBack")
            #expect(await connection.isClean)
        }
    }

    @Test func `cannot hold another one, nor be ended by its body`() async throws {
        try await withTable { connection, _ in
            let nested = await postgresError {
                try await connection.transaction { connection in
                    try await connection.transaction { _ in }
                }
            }
            #expect(nested?.kind == "notSendable")
            let ended = await postgresError {
                try await connection.transaction { try await $0.run("COMMIT") }
            }
            #expect(ended?.kind == "notSendable")
            #expect(await connection.isClean)
        }
    }

    @Test func `reports what only COMMIT finds`() async throws {
        try await withTable { connection, _ in
            try await connection.runScript(ConnectionTests.deferredKey)
            let error = await postgresError {
                try await connection.transaction { try await $0.run("INSERT INTO b VALUES (1)") }
            }
            #expect(error?.sqlState == .foreignKeyViolation)
            #expect(await connection.isClean)
        }
    }

    @Test(arguments: [
        (WiretapProxy.Cut.beforeAnswering("COMMIT"), 1),
        (WiretapProxy.Cut.beforeForwarding("COMMIT"), 0),
    ])
    func `whose COMMIT got no answer has an unknown outcome`(
        _ cut: WiretapProxy.Cut, _ rowsInTheEnd: Int
    ) async throws {
        try await withTable { observer, address in
            let proxy = try WiretapProxy(to: address, cut: cut)
            defer { proxy.close() }
            try await withConnection(proxy.address(like: address), on: observer.loop) {
                connection in
                let process = try await connection.serverProcess
                let error = await postgresError {
                    try await connection.transaction {
                        try await $0.run("INSERT INTO t VALUES (1)")
                    }
                }
                #expect(error?.kind == "outcomeUnknown")
                try await waitUntil { try await observer.isGone(process) }
            }
            #expect(try await observer.count("t") == rowsInTheEnd)
        }
    }

    @Test func `whose COMMIT was cut off by the server has an unknown outcome`() async throws {
        try await withTable { observer, address in
            try await observer.runScript(Self.slowCommit)
            try await withConnection(address, on: observer.loop) { connection in
                let process = try await connection.serverProcess
                async let error = postgresError {
                    try await connection.transaction {
                        try await $0.run("INSERT INTO slow VALUES (1)")
                    }
                }
                try await observer.wait(until: "wait_event = 'PgSleep'", of: process)
                try await observer.terminate(process)
                #expect(await error?.kind == "outcomeUnknown")
                #expect(await !connection.isUsable)
            }
            #expect(try await observer.count("slow") == 0)
        }
    }

    /// A table whose rows take their time when they are committed.
    static let slowCommit = """
        CREATE TABLE slow (n int);
        CREATE FUNCTION linger() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN PERFORM pg_sleep(60); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER linger AFTER INSERT ON slow DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION linger();
        """

    private func withTable(
        _ body: (Connection, DatabaseAddress) async throws -> Void
    ) async throws {
        try await withTestConnection { connection, address in
            try await connection.runScript("CREATE TABLE t (n int)")
            try await body(connection, address)
        }
    }
}

extension Connection {
    func isGone(_ process: Int32) async throws -> Bool {
        try await count("pg_stat_activity WHERE pid = \(process)") == 0
    }
}
