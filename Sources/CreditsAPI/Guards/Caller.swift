import HTTP
import Ledger

/// Who asks, and what he may do.
struct Caller: Hashable, Sendable {
    /// nil where no key was needed.
    let actor: ActorName?
    let scopes: Set<Scope>

    /// On a server that is open to everybody on its machine.
    static let anybody = Caller(actor: nil, scopes: Set(Scope.allCases))
    static let administrator = Caller(actor: .administrator, scopes: Set(Scope.allCases))

    init(actor: ActorName?, scopes: Set<Scope>) {
        self.actor = actor
        self.scopes = scopes
    }

    init(_ holder: KeyHolder) {
        self.init(actor: holder.actor, scopes: holder.scopes)
    }

    func require(_ scope: Scope) throws(Problem) {
        guard scopes.contains(scope) else { throw .missingScope(scope) }
    }
}

extension Problem {
    private static let challenge: (name: FieldName, value: String) = (
        "WWW-Authenticate", "Bearer realm=\"credits\""
    )

    static let authenticationRequired = Problem(
        type: .authenticationRequired,
        detail: "This call needs a key: send it as Authorization: Bearer <key> or as X-API-Key.",
        fields: [challenge])

    /// The same for a key that is unknown, revoked or expired: it is nobody's business which.
    static let invalidKey = Problem(
        type: .invalidKey,
        detail: "The key that was sent is not in force. Ask the service's operator for another.",
        fields: [challenge])

    static func missingScope(_ scope: Scope) -> Problem {
        missingScope(
            scope, "This call needs the scope \(scope.rawValue), which the key does not have.")
    }

    /// Of one who would give what he does not have.
    static func scopeNotHeld(_ scope: Scope) -> Problem {
        missingScope(
            scope,
            "A key gives only scopes that it has itself, and yours lacks \(scope.rawValue). No key "
                + "was made.")
    }

    private static func missingScope(_ scope: Scope, _ detail: String) -> Problem {
        Problem(
            type: .missingScope, detail: detail,
            members: [.init(name: "scope", value: .string(scope.rawValue))])
    }
}
