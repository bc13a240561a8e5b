import TestSupport
import Testing

@testable import Postgres

@Suite("A lost connection") struct LostConnectionTests {
    @Test func `is noticed while idle`() async throws {
        try await withTestConnection { observer, address in
            try await withConnection(address, on: observer.loop) { connection in
                try await observer.terminate(connection.serverProcess)
                try await waitUntil { await !connection.isUsable }
                let error = await postgresError { try await connection.run("SELECT 1") }
                #expect(error?.kind == "connectionLost")
                #expect(error?.reason.contains("57P01") == true)
            }
        }
    }

    @Test func `in a statement left open what it did, whatever the last message was`() async throws
    {
        let error = try await errorOfKilled { connection in
            try await connection.run("SELECT pg_sleep(60)")
        }
        #expect(error?.kind == "outcomeUnknown")
    }

    @Test func `in a transaction rolled it back`() async throws {
        let error = try await errorOfKilled { connection in
            try await connection.transaction { connection in
                try await connection.runPipeline(["SELECT 1", "SELECT pg_sleep(60)"])
            }
        }
        #expect(error?.kind == "connectionLost")
    }

    @Test func `fails who waits for it too`() async throws {
        try await withTestConnection { observer, address in
            try await withConnection(address, on: observer.loop) { connection in
                let process = try await connection.serverProcess
                async let first = postgresError { try await connection.run("SELECT pg_sleep(60)") }
                try await observer.wait(until: "wait_event = 'PgSleep'", of: process)
                async let second = postgresError { try await connection.run("SELECT 1") }
                try await observer.terminate(process)
                #expect(await first?.kind == "outcomeUnknown")
                #expect(await second?.kind == "connectionLost")
            }
        }
    }

    struct Silence: CustomTestStringConvertible {
        let testDescription: String
        let begin: Statement
        let kind: String
    }

    @Test(arguments: [
        Silence(
            testDescription: "outside a transaction it may have been committed",
            begin: "SELECT 1", kind: "outcomeUnknown"),
        Silence(
            testDescription: "inside a transaction it was not", begin: "BEGIN",
            kind: "connectionLost"),
    ])
    func `that ended without a word left nothing certain outside a transaction`(
        _ silence: Silence
    ) async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            let proxy = try WiretapProxy(to: address, cut: .beforeAnswering("the word"))
            defer { proxy.close() }
            try await withEventLoop { loop in
                try await withConnection(proxy.address(like: address), on: loop) { connection in
                    try await connection.run(silence.begin)
                    let error = await postgresError {
                        try await connection.run("SELECT \("the word")")
                    }
                    #expect(error?.kind == silence.kind)
                }
            }
        }
    }

    private func errorOfKilled<Value>(
        _ body: @escaping @Sendable (Connection) async throws -> Value
    ) async throws -> PostgresError? {
        var result: PostgresError?
        try await withTestConnection { observer, address in
            try await withConnection(address, on: observer.loop) { connection in
                let process = try await connection.serverProcess
                async let error = postgresError { try await body(connection) }
                try await observer.wait(until: "wait_event = 'PgSleep'", of: process)
                try await observer.terminate(process)
                result = await error
                #expect(await !connection.isUsable)
            }
        }
        return result
    }
}
