import Postgres

/// What a failure means for those who wait.
enum Disposition: Hashable, Sendable {
    /// Another try may succeed at once.
    case transient
    /// Nothing is to be had from the database for now, or its tables are not the service's.
    case databaseAway
    case overloaded
    /// The statement itself was refused; it would be again.
    case refused
}

extension PostgresError {
    var disposition: Disposition {
        switch self {
        case .server(let message) where message.severity != "ERROR" || message.isOfStaleName:
            .transient
        case .server(let message): message.sqlState.disposition
        case .connectionLost, .outcomeUnknown, .rolledBack: .transient
        case .cannotConnect, .poolClosed, .deadlineExceeded, .cancelled: .databaseAway
        case .poolExhausted: .overloaded
        case .cannotDecode, .notSendable: .refused
        }
    }

    /// What a client is told of it; the text is for the log.
    var ledgerError: LedgerError {
        if case .outcomeUnknown = self { return .outcomeUnknown }
        if case .server(let message) = self, message.isOfRuleNotOurs {
            return .forbidden("\(self)")
        }
        return ledgerErrorOfRead
    }

    /// The same for what changes nothing, where a lost answer is just a lost answer.
    var ledgerErrorOfRead: LedgerError {
        switch disposition {
        case .transient, .databaseAway: .unavailable
        case .overloaded: .overloaded
        case .refused: .failed("\(self)")
        }
    }
}

extension SQLState {
    fileprivate var disposition: Disposition {
        switch self {
        // Another instance made the user's row or took the key first, or deleted the user.
        case .uniqueViolation, .foreignKeyViolation: .transient
        // A standby that was the primary when we connected.
        case .readOnlyTransaction: .transient
        case _ where isTransient: .transient
        // 42: somebody changed the tables; schema.sql mends them. 55, 57, 58: a lock, a time-out or
        // an operator's cancel that is not ours, a fault of the server's machine.
        case _ where ["42", "55", "57", "58"].contains(conditionClass): .databaseAway
        default: .refused
        }
    }
}

extension ServerMessage {
    /// Whether it tells of a rule that somebody has given the tables besides those of schema.sql.
    fileprivate var isOfRuleNotOurs: Bool {
        switch sqlState {
        case .raiseException, .exclusionViolation: true
        // Where it is known to be no race, as it is for users and keys.
        case .checkViolation, .notNullViolation, .uniqueViolation:
            !RequiredObject.all.contains { $0.hasPrefix("constraint \(constraint ?? "") ") }
        default: sqlState.disposition == .refused && isOfFunctionNotOurs
        }
    }

    /// Whatever a trigger's function fails with, or raises under a state that it chose, but for a
    /// fault of the server's (class XX). The words around the language's name are translated.
    private var isOfFunctionNotOurs: Bool {
        guard severity == "ERROR", sqlState.conditionClass != "XX", let context,
            context.contains("PL/pgSQL")
        else { return false }
        return !RequiredObject.functions.contains {
            context.contains($0.dropFirst("function ".count))
        }
    }

    /// Whether the connection ended with this message, so that a COMMIT may have happened before
    /// it.
    var leavesOutcomeOpen: Bool { severity != "ERROR" || sqlState.isConnectionFailure }
}
