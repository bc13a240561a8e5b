/// A five-character SQLSTATE (PostgreSQL, appendix A): two characters of class, three of condition.
package struct SQLState: Hashable, Sendable, RawRepresentable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    fileprivate init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// The first two characters, such as "23" for integrity constraints.
    package var conditionClass: Substring { rawValue.prefix(2) }

    package var description: String { rawValue }

    /// The same work may succeed when it is tried again unchanged: nothing is wrong with it.
    ///
    /// A statement that met one of these left nothing behind, unless it was the COMMIT itself.
    package var isTransient: Bool {
        switch self {
        case .serializationFailure, .deadlockDetected, .lockNotAvailable: true
        default: isConnectionFailure || conditionClass == "53"
        }
    }

    /// The server went away or takes nobody in at the moment; another connection may do better.
    package var isConnectionFailure: Bool {
        switch self {
        case .adminShutdown, .crashShutdown, .cannotConnectNow, .idleSessionTimeout: true
        default: conditionClass == "08"
        }
    }
}

// MARK: - The states that somebody above, or a test, decides by

extension SQLState {
    // Class 08: connection exception
    package static let connectionFailure = SQLState("08006")

    package static let featureNotSupported = SQLState("0A000")

    // Class 22: data exception
    package static let datetimeFieldOverflow = SQLState("22008")
    package static let characterNotInRepertoire = SQLState("22021")

    // Class 23: integrity constraint violation
    package static let notNullViolation = SQLState("23502")
    package static let foreignKeyViolation = SQLState("23503")
    package static let uniqueViolation = SQLState("23505")
    package static let checkViolation = SQLState("23514")
    package static let exclusionViolation = SQLState("23P01")

    // Class 25: invalid transaction state
    package static let readOnlyTransaction = SQLState("25006")

    package static let undefinedStatementName = SQLState("26000")

    // Class 40: transaction rollback
    package static let serializationFailure = SQLState("40001")
    package static let deadlockDetected = SQLState("40P01")

    // Class 42: syntax error or access rule violation
    package static let syntaxError = SQLState("42601")
    package static let undefinedColumn = SQLState("42703")
    package static let undefinedFunction = SQLState("42883")
    package static let undefinedTable = SQLState("42P01")
    package static let duplicateStatementName = SQLState("42P05")

    // Class 53: insufficient resources
    package static let tooManyConnections = SQLState("53300")

    // Class 55: object not in prerequisite state
    package static let lockNotAvailable = SQLState("55P03")

    // Class 57: operator intervention
    package static let queryCanceled = SQLState("57014")
    package static let adminShutdown = SQLState("57P01")
    package static let crashShutdown = SQLState("57P02")
    package static let cannotConnectNow = SQLState("57P03")
    package static let idleSessionTimeout = SQLState("57P05")

    package static let raiseException = SQLState("P0001")
}
