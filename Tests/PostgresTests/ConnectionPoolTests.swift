import Reactor
import TestSupport
import Testing

@testable import Postgres

@Suite("ConnectionPool") struct ConnectionPoolTests {
    @Test func `serves many tasks with few connections`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            try await withPool(address, .patient(size: 3)) { pool in
                try await withThrowingTaskGroup(of: Int32.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            try await pool.withConnection { connection in
                                let row = try await connection.run(
                                    "SELECT pg_backend_pid(), \(number)")[0]
                                let (process, echo) = try row.decode(Int32.self, Int.self)
                                #expect(echo == number)
                                return process
                            }
                        }
                    }
                    let processes = try await group.reduce(into: Set()) { $0.insert($1) }
                    #expect(processes.count <= 3)
                }
                #expect(await pool.counts.borrowed == 0)
            }
        }
    }

    @Test func `refuses who waited for long enough`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            var settings = PoolSettings.patient(size: 1)
            settings.waitLimit = .milliseconds(50)
            try await withPool(address, settings) { pool in
                // Until the pool has a connection: it takes longer than the limit to make one.
                try await waitUntil {
                    await postgresError { try await pool.withConnection { _ in } } == nil
                }
                try await pool.withConnection { _ in
                    let error = await postgresError { try await pool.withConnection { _ in } }
                    let waited = try #require(error?.waited)
                    #expect(waited >= settings.waitLimit)
                }
                try await pool.withConnection { _ in }
            }
        }
    }

    @Test func `lets a cancelled task go`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            try await withPool(address, .patient(size: 1)) { pool in
                try await pool.withConnection { _ in
                    let task = Task {
                        await postgresError { try await pool.withConnection { _ in } }
                    }
                    try await waitUntil { await pool.counts.waiting == 1 }
                    task.cancel()
                    #expect(await task.value?.kind == "cancelled")
                    let late = Task {
                        withUnsafeCurrentTask { $0?.cancel() }
                        return await postgresError { try await pool.withConnection { _ in } }
                    }
                    #expect(await late.value?.kind == "cancelled")
                    #expect(await pool.counts.waiting == 0)
                }
            }
        }
    }

    @Test func `replaces connections that were killed`() async throws {
        try await withTestConnection { observer, address in
            try await withPool(address, .patient(size: 2)) { pool in
                for _ in 0..<3 {
                    let process = try await pool.withConnection { try await $0.serverProcess }
                    try await observer.terminate(process)
                    try await waitUntil { await pool.counts.idle == 0 }
                    let next = try await pool.withConnection { try await $0.serverProcess }
                    #expect(next != process)
                }
            }
        }
    }

    @Test func `never lends a connection whose transaction was left open`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            try await withPool(address, .patient(size: 1)) { pool in
                let first = try await pool.withConnection { connection in
                    try await connection.run("BEGIN")
                    return try await connection.serverProcess
                }
                let second = try await pool.withConnection { try await $0.serverProcess }
                #expect(first != second)
            }
        }
    }

    @Test func `runs transactions`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            try await withPool(address, .patient(size: 2)) { pool in
                try await pool.withTransaction { connection in
                    try await connection.run("CREATE TABLE t (n int)")
                    try await connection.run("INSERT INTO t VALUES (1)")
                }
                let error = await postgresError {
                    try await pool.withTransaction { connection in
                        try await connection.run("INSERT INTO t VALUES (2)")
                        try await connection.run("SELECT 1/0")
                    }
                }
                #expect(error?.kind == "server 22012")
                #expect(try await pool.withConnection { try await $0.count("t") } == 1)
            }
        }
    }

    @Test func `fails quickly while the database is away, and comes back by itself`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            let proxy = try WiretapProxy(to: address, cut: nil)
            proxy.close()
            let gone = try proxy.address(like: address)
            try await withPool(gone, .patient(size: 2)) { pool in
                for _ in 0..<20 {
                    let begin = ContinuousClock.now
                    let error = await postgresError { try await pool.withConnection { _ in } }
                    #expect(error?.kind == "cannotConnect")
                    #expect(begin.duration(to: .now) < patience / 2)
                }
                let back = try WiretapProxy(to: address, cut: nil, port: proxy.port)
                defer { back.close() }
                try await waitUntil { await pool.counts.idle == 1 }
                try await pool.withConnection { try await $0.run("SELECT 1") }
            }
        }
    }

    @Test func `asks a connection that was unused for long before it lends it`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            let proxy = try WiretapProxy(to: address, cut: .freezing("SELECT 1"))
            defer { proxy.close() }
            var settings = PoolSettings.patient(size: 1)
            settings.idleCheckAfter = .zero
            settings.idleCheckDeadline = .milliseconds(50)
            settings.cancelGrace = .milliseconds(50)
            try await withPool(proxy.address(like: address), settings) { pool in
                let first = try await pool.withConnection { try await $0.serverProcess }
                let second = try await pool.withConnection { try await $0.serverProcess }
                #expect(first != second)
            }
        }
    }

    @Test func `closes what nobody uses`() async throws {
        try await withTestDatabase { (address: DatabaseAddress) in
            var settings = PoolSettings.patient(size: 2)
            settings.idleLifetime = .milliseconds(100)
            try await withPool(address, settings) { pool in
                try await pool.withConnection { _ in }
                try await waitUntil { await pool.counts.idle == 0 }
                try await pool.withConnection { try await $0.run("SELECT 1") }
            }
        }
    }

    @Test func `shuts down after the last connection came back, and leaves none behind`()
        async throws
    {
        try await withTestConnection { observer, address in
            try await withEventLoop { loop in
                let pool = ConnectionPool(
                    address: address, settings: .patient(size: 4), loop: loop,
                    logger: quietLogger)
                let borrowed = Task {
                    try await pool.withConnection { try await $0.run("SELECT pg_sleep(0.2)") }
                }
                try await waitUntil { await pool.counts.borrowed == 1 }
                await pool.shutdown()
                #expect(try await borrowed.value.count == 1)
                let error = await postgresError { try await pool.withConnection { _ in } }
                #expect(error?.kind == "poolClosed")
                await pool.shutdown()
            }
            try await waitUntil {
                try await observer.count(
                    """
                    pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                    """) == 0
            }
        }
    }
}
