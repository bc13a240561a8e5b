import CPostgres
import Dispatch

/// A plain, blocking libpq connection: it looks over the service's shoulder without the code under
/// test.
package final class DirectConnection {
    private let connection: OpaquePointer

    /// - Parameter target: a connection string of libpq's, keywords or URI.
    package init(_ target: String) throws(DirectError) {
        guard let connection = PQconnectdb(target) else { throw DirectError(message: "no memory") }
        self.connection = connection
        guard PQstatus(connection) == CONNECTION_OK else {
            throw DirectError(message: String(cString: PQerrorMessage(connection)))
        }
    }

    deinit { PQfinish(connection) }

    /// Runs one or several statements by the simple protocol; the last one's rows, as text.
    @discardableResult
    package func run(_ sql: String) throws(DirectError) -> [[String?]] {
        let result = PQexec(connection, sql)
        defer { PQclear(result) }
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: break
        default:
            throw DirectError(
                sqlState: PQresultErrorField(result, Self.sqlStateField)
                    .map { String(cString: $0) },
                message: String(cString: PQresultErrorMessage(result)))
        }
        let columns = 0..<PQnfields(result)
        return (0..<PQntuples(result)).map { row in
            columns.map { column in
                guard PQgetisnull(result, row, column) == 0 else { return nil }
                return PQgetvalue(result, row, column).map { String(cString: $0) }
            }
        }
    }

    /// How many results one or several statements give by the simple protocol, when none fails.
    package func countResults(of sql: String) throws(DirectError) -> Int {
        guard PQsendQuery(connection, sql) == 1 else {
            throw DirectError(message: String(cString: PQerrorMessage(connection)))
        }
        var count = 0
        var failure: DirectError?
        while let result = PQgetResult(connection) {
            defer { PQclear(result) }
            count += PQresultStatus(result) == PGRES_EMPTY_QUERY ? 0 : 1
            if PQresultStatus(result) == PGRES_FATAL_ERROR {
                failure = DirectError(message: String(cString: PQresultErrorMessage(result)))
            }
        }
        if let failure { throw failure }
        return count
    }

    /// PG_DIAG_SQLSTATE, which the importer does not take for a number.
    private static let sqlStateField = CInt(UInt8(ascii: "C"))

    /// Connects and disconnects around work on a thread that may block.
    package static func use<Value: Sendable>(
        _ target: String, _ work: @escaping @Sendable (DirectConnection) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try work(DirectConnection(target)) })
            }
        }
    }

    /// Connects, runs, disconnects, on a thread that may block.
    @discardableResult
    package static func run(_ sql: String, on target: String) async throws -> [[String?]] {
        try await use(target) { connection in try connection.run(sql) }
    }
}

package struct DirectError: Error, CustomStringConvertible {
    /// The five characters of "PostgreSQL Error Codes"; `nil` when there was no connection.
    package var sqlState: String?
    package let message: String

    package var description: String { "\(sqlState ?? "no connection"): \(message)" }
}
