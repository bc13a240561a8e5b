import Synchronization

// Theory of operation
//
// A statement that comes a second time on a connection is prepared under a name, and from then on
// the server neither parses nor plans it again: for the short statements of this service that is a
// third of their cost. A name is made of the statement's own text, so whatever another client of
// the same pooler left behind under it is this very statement. A pooler that hands server
// connections around (PgBouncer in transaction mode before 1.21) answers a name with "does not
// exist" or "already exists": names are then given up for good, by all connections of the pool, and
// nothing but the one operation that found out is tried again.

/// What one group of a pipeline's replies answers.
enum PipelineStep {
    case prepare(Statement, name: String)
    /// Without a name the statement is parsed, planned and forgotten.
    case run(Statement, name: String?)
}

/// The statements that the server keeps for one connection.
struct StatementNames {
    private struct Key: Hashable {
        let text: String
        let types: [UInt32]
    }

    private enum Progress {
        case seen
        case underWay
        case prepared
    }

    private let trust: NameTrust
    private var progress: [Key: (state: Progress, name: String)] = [:]

    /// The server keeps some kilobytes for each. A service has a few dozen statements; a program
    /// that makes up its statements as it goes shall not fill the server's memory.
    private static let limit = 256

    init(trust: NameTrust) {
        self.trust = trust
    }

    /// How to send the statements now.
    mutating func steps(for statements: [Statement]) -> [PipelineStep] {
        guard trust.isGiven else { return statements.map { .run($0, name: nil) } }
        var steps: [PipelineStep] = []
        steps.reserveCapacity(statements.count)
        for statement in statements { append(statement, to: &steps) }
        return steps
    }

    private mutating func append(_ statement: Statement, to steps: inout [PipelineStep]) {
        // Nothing about these is planned.
        guard statement.transactionControl == nil else {
            return steps.append(.run(statement, name: nil))
        }
        let key = Key(text: statement.text, types: statement.binds.types)
        guard let known = progress[key] else {
            if progress.count < Self.limit { progress[key] = (.seen, Self.name(of: key)) }
            return steps.append(.run(statement, name: nil))
        }
        if known.state == .seen {
            progress[key]?.state = .underWay
            steps.append(.prepare(statement, name: known.name))
        }
        steps.append(.run(statement, name: known.name))
    }

    /// The server has answered an operation: what it confirmed is prepared, the rest is not.
    mutating func settle(confirmed names: Set<String>) {
        for (key, entry) in progress where entry.state == .underWay {
            progress[key]?.state = names.contains(entry.name) ? .prepared : .seen
        }
    }

    /// `credits_` and 64 bits of FNV-1a.
    private static func name(of key: Key) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func add(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for byte in key.text.utf8 { add(byte) }
        for type in key.types {
            for shift in [0, 8, 16, 24] { add(UInt8(truncatingIfNeeded: type >> shift)) }
        }
        return "credits_" + String(hash, radix: 16)
    }
}

/// Whether names may be used at all: shared by the connections of a pool, and withdrawn once.
package final class NameTrust: Sendable {
    private let given: Atomic<Bool>

    package init(isGiven: Bool = true) {
        given = Atomic(isGiven)
    }

    package var isGiven: Bool { given.load(ordering: .relaxed) }

    /// For good: what sits between us and the server does not go away by itself.
    func withdraw() {
        given.store(false, ordering: .relaxed)
    }
}

extension ServerMessage {
    /// What failed is the preparation from earlier, and not the statement: it may be tried again.
    package var isOfStaleName: Bool { contradictsNames || outdatesPlan }

    /// The statement that a name stands for is not there, or is there already: somebody else
    /// decides which server connection we are on.
    var contradictsNames: Bool {
        sqlState == .undefinedStatementName || sqlState == .duplicateStatementName
    }

    /// The tables have changed such that a prepared statement's columns would change their types.
    var outdatesPlan: Bool {
        sqlState == .featureNotSupported && routine == "RevalidateCachedQuery"
    }
}
