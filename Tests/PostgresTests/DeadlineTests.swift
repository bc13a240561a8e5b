import TestSupport
import Testing

@testable import Postgres

@Suite("A deadline") struct DeadlineTests {
    @Test func `stops the statement on the server, and the connection lives on`() async throws {
        try await withTestConnection { connection, _ in
            for _ in 0..<3 {
                let begin = ContinuousClock.now
                let error = await postgresError {
                    try await connection.run("SELECT pg_sleep(600)", deadline: .milliseconds(50))
                }
                #expect(error?.kind == "deadlineExceeded")
                #expect(begin.duration(to: .now) < patience / 2)
                let row = try await connection.run("SELECT 1")[0]
                #expect(try row.decode(Int32.self) == 1)
            }
        }
    }

    @Test func `stops a pipeline and a script as well`() async throws {
        try await withTestConnection { connection, _ in
            let pipeline = await postgresError {
                try await connection.runPipeline(
                    ["SELECT 1", "SELECT pg_sleep(600)", "SELECT 2"], deadline: .milliseconds(50))
            }
            #expect(pipeline?.kind == "deadlineExceeded")
            let script = await postgresError {
                try await connection.runScript(
                    "SELECT 1; SELECT pg_sleep(600)", deadline: .milliseconds(50))
            }
            #expect(script?.kind == "deadlineExceeded")
            try await connection.run("SELECT 1")
        }
    }

    @Test func `counts the time in line, and takes nobody else's statement along`() async throws {
        try await withTestConnection { connection, _ in
            let first = Task {
                await postgresError { try await connection.run("SELECT pg_sleep(600)") }
            }
            try await waitUntil { await !connection.isClean }
            let error = await postgresError {
                try await connection.run("SELECT 1", deadline: .milliseconds(50))
            }
            #expect(error?.kind == "deadlineExceeded")
            first.cancel()
            #expect(await first.value?.kind == "cancelled")
        }
    }

    @Test func `gives a connection up whose server does not answer`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            let proxy = try WiretapProxy(to: address, cut: .freezing("the word"))
            defer { proxy.close() }
            var settings = ConnectionSettings.patient
            settings.cancelGrace = .milliseconds(100)
            try await withEventLoop { loop in
                for (begin, kind) in [
                    ("SELECT 1", "outcomeUnknown"), ("BEGIN", "deadlineExceeded"),
                ] as [(Statement, String)] {
                    try await withConnection(
                        proxy.address(like: address), on: loop, settings: settings
                    ) { connection in
                        try await connection.run(begin)
                        let error = await postgresError {
                            try await connection.run(
                                "SELECT \("the word")", deadline: .milliseconds(50))
                        }
                        #expect(error?.kind == kind)
                        #expect(await !connection.isUsable)
                    }
                }
            }
        }
    }

    @Test func `stops a statement that its cancel request overtook`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            let proxy = try WiretapProxy(to: address, cut: .holdingBack("pg_sleep"))
            defer { proxy.close() }
            try await withEventLoop { loop in
                try await withConnection(proxy.address(like: address), on: loop) { connection in
                    let error = await postgresError {
                        try await connection.run(
                            "SELECT pg_sleep(600)", deadline: .milliseconds(50))
                    }
                    #expect(error?.kind == "deadlineExceeded")
                    #expect(await connection.isClean)
                }
            }
        }
    }

    @Test func `on COMMIT leaves nothing half done`() async throws {
        try await withTestConnection { connection, _ in
            try await connection.runScript(TransactionTests.slowCommit)
            let error = await postgresError {
                try await connection.transaction(deadline: .milliseconds(100)) {
                    try await $0.run("INSERT INTO slow VALUES (1)")
                }
            }
            #expect(error?.kind == "deadlineExceeded")
            #expect(await connection.isClean)
            #expect(try await connection.count("slow") == 0)
        }
    }
}

@Suite("Cancelling a task") struct CancellationTests {
    @Test func `stops its statement on the server`() async throws {
        try await withTestConnection { observer, address in
            try await withConnection(address, on: observer.loop) { connection in
                let process = try await connection.serverProcess
                let task = Task {
                    await postgresError { try await connection.run("SELECT pg_sleep(600)") }
                }
                try await observer.wait(until: "wait_event = 'PgSleep'", of: process)
                task.cancel()
                #expect(await task.value?.kind == "cancelled")
                try await connection.run("SELECT 1")
            }
        }
    }

    @Test func `takes a statement out of the line`() async throws {
        try await withTestConnection { connection, _ in
            let first = Task {
                await postgresError { try await connection.run("SELECT pg_sleep(600)") }
            }
            try await waitUntil { await !connection.isClean }
            let second = Task { await postgresError { try await connection.run("SELECT 1") } }
            second.cancel()
            #expect(await second.value?.kind == "cancelled")
            first.cancel()
            #expect(await first.value?.kind == "cancelled")
        }
    }
}
