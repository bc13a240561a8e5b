import Logging
import Reactor
import TestSupport

@testable import Postgres

let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

/// A connection to a database of the test's own, closed in the end.
func withTestConnection(
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Connection, DatabaseAddress) async throws -> Void
) async throws {
    try await withTestDatabase { (address: DatabaseAddress) in
        try await withEventLoop { loop in
            try await withConnection(address, on: loop) { connection in
                try await body(connection, address)
            }
        }
    }
}

func withConnection(
    _ address: DatabaseAddress, on loop: EventLoop,
    settings: ConnectionSettings = .patient,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (Connection) async throws -> Void
) async throws {
    let connection = try await Connection.open(
        address, on: loop, settings: settings, logger: quietLogger)
    do {
        try await body(connection)
        await connection.close()
    } catch {
        await connection.close()
        throw error
    }
}

/// A pool for the length of `body`, shut down in the end.
func withPool(
    _ address: DatabaseAddress, _ settings: PoolSettings,
    isolation: isolated (any Actor)? = #isolation,
    _ body: (ConnectionPool) async throws -> Void
) async throws {
    try await withEventLoop { loop in
        let pool = ConnectionPool(
            address: address, settings: settings, loop: loop, logger: quietLogger)
        do {
            try await body(pool)
            await pool.shutdown()
        } catch {
            await pool.shutdown()
            throw error
        }
    }
}

extension Connection {
    var serverProcess: Int32 {
        get async throws { try await run("SELECT pg_backend_pid()")[0].decode(Int32.self) }
    }

    func terminate(_ process: Int32) async throws {
        try await run("SELECT pg_terminate_backend(\(process))")
    }

    /// Asks until the server answers that the process does what `condition` says; fails the test
    /// when that never happens.
    func wait(until condition: String, of process: Int32) async throws {
        try await waitUntil {
            try await !self.run(
                """
                SELECT 1 FROM pg_stat_activity
                WHERE pid = \(process) AND \(unescaped: condition)
                """
            ).isEmpty
        }
    }
}

struct WaitedInVain: Error {}

func waitUntil(
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Bool
) async throws {
    guard try await eventually(condition) else { throw WaitedInVain() }
}

/// The error that `body` throws, when it is one of this layer's.
func postgresError<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
) async -> PostgresError? {
    do {
        _ = try await body()
        return nil
    } catch {
        return error as? PostgresError
    }
}

/// The server's message that `body` fails with; the test fails when it does not.
func serverMessage<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
) async throws -> ServerMessage {
    let error = await postgresError(body)
    guard case .server(let message) = error else {
        throw UnexpectedOutcome(error: error)
    }
    return message
}

struct UnexpectedOutcome: Error {
    let error: PostgresError?
}

extension PostgresError {
    var waited: Duration? {
        guard case .poolExhausted(let waited) = self else { return nil }
        return waited
    }

    var decodingFailure: DecodingFailure? {
        guard case .cannotDecode(let failure) = self else { return nil }
        return failure
    }

    /// The words that come with a lost or impossible connection.
    var reason: String {
        switch self {
        case .cannotConnect(let reason), .connectionLost(let reason), .outcomeUnknown(let reason):
            reason
        default: ""
        }
    }

    /// The case's name, which is what most tests are about.
    var kind: String {
        switch self {
        case .server(let message): "server \(message.sqlState)"
        case .cannotConnect: "cannotConnect"
        case .connectionLost: "connectionLost"
        case .outcomeUnknown: "outcomeUnknown"
        case .deadlineExceeded: "deadlineExceeded"
        case .cancelled: "cancelled"
        case .poolExhausted: "poolExhausted"
        case .poolClosed: "poolClosed"
        case .cannotDecode: "cannotDecode"
        case .rolledBack: "rolledBack"
        case .notSendable: "notSendable"
        }
    }
}
