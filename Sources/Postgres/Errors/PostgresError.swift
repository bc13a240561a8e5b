/// Everything that can go wrong between a caller and its database.
///
/// Printing is safe: no bind, no password, no statement text.
package enum PostgresError: Error, Sendable {
    /// The server refused a statement. Nothing of the statement's transaction will remain.
    case server(ServerMessage)
    /// No connection could be made, or none is tried at the moment because the last try failed.
    case cannotConnect(String)
    /// The connection ended, and what was asked of it was not committed.
    case connectionLost(String)
    /// The connection ended, or was given up, between sending what commits and hearing the answer:
    /// it may or may not have been committed. Look before trying again.
    case outcomeUnknown(String)
    /// The answer did not come in time. The statement was cancelled and left nothing behind.
    case deadlineExceeded
    /// The task was cancelled. The statement was cancelled and left nothing behind.
    case cancelled
    /// Every connection stayed in use for as long as a caller may wait.
    case poolExhausted(waited: Duration)
    /// The pool was shut down.
    case poolClosed
    /// A value is not what the caller expects it to be.
    case cannotDecode(DecodingFailure)
    /// COMMIT was answered with ROLLBACK, for an earlier statement had failed and was overlooked.
    case rolledBack
    /// The request cannot be sent, for the reason given; the connection is none the worse.
    case notSendable(String)
}

extension PostgresError {
    /// The server's SQLSTATE, when it was the server that refused.
    package var sqlState: SQLState? {
        guard case .server(let message) = self else { return nil }
        return message.sqlState
    }

    /// The database is away, or this connection to it; nothing is wrong with the statement.
    package var isConnectionFailure: Bool {
        switch self {
        case .cannotConnect, .connectionLost, .outcomeUnknown: true
        case .server(let message): message.sqlState.isConnectionFailure
        case .deadlineExceeded, .cancelled, .poolExhausted, .poolClosed, .cannotDecode,
            .rolledBack, .notSendable:
            false
        }
    }
}

extension PostgresError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .server(let message): "PostgreSQL: \(message)"
        case .cannotConnect(let reason): "cannot connect to PostgreSQL: \(reason)"
        case .connectionLost(let reason): "connection to PostgreSQL lost: \(reason)"
        case .outcomeUnknown(let reason): "unknown whether it was committed: \(reason)"
        case .deadlineExceeded: "PostgreSQL did not answer before the deadline"
        case .cancelled: "cancelled"
        case .poolExhausted(let waited): "no database connection came free in \(waited)"
        case .poolClosed: "the database connections are closed"
        case .cannotDecode(let failure): "\(failure)"
        case .rolledBack: "rolled back instead of committed: an earlier statement had failed"
        case .notSendable(let reason): "not sent to PostgreSQL: \(reason)"
        }
    }
}

/// Where a value was, what it was, and what it should have been; never the value itself.
package struct DecodingFailure: Sendable, Hashable, CustomStringConvertible {
    package enum Reason: Sendable, Hashable {
        /// NULL, and the Swift type has no place for it.
        case null
        /// PostgreSQL's type is none that the Swift type is read from.
        case wrongType
        /// Not as many bytes as the type has, or bytes that are no UTF-8.
        case malformed
        /// A number or time, infinity among them, that the Swift type cannot hold.
        case outOfRange
        /// The row has no such column.
        case noSuchColumn
        /// The row has more columns, or fewer, than were asked for.
        case columnCount(Int)
        /// The result has more rows, or fewer, than the statement always yields.
        case rowCount(Int)
    }

    package let column: String
    package let type: TypeOID
    package let expected: String
    package let reason: Reason

    package init(column: String, type: TypeOID, expected: String, reason: Reason) {
        self.column = column
        self.type = type
        self.expected = expected
        self.reason = reason
    }

    package var description: String {
        let place = "column \"\(column)\" of type \(type)"
        return switch reason {
        case .null: "\(place) is NULL, which \(expected) cannot be"
        case .wrongType: "\(place) cannot be read as \(expected); cast it in the statement"
        case .malformed: "\(place) does not hold a well-formed \(expected)"
        case .outOfRange: "\(place) holds a value outside the range of \(expected)"
        case .noSuchColumn: "no column \"\(column)\" to read as \(expected)"
        case .rowCount(let count): "the result has \(count) rows, not \(expected)"
        case .columnCount(let count): "the row has \(count) columns, read as \(expected)"
        }
    }
}
