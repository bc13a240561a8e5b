import HTTP
import Ledger

/// A key to be made, by somebody who may give what he has himself.
struct NewKeyRequest: RequestInput {
    let key: NewAPIKey
    let origin: Origin

    init(_ request: IncomingRequest) throws(Problem) {
        var body = try BodyReader(request)
        let name = body.text("name", "what the key is for")
        if let name, !NewAPIKey.nameLengths.contains(name.unicodeScalars.count) {
            body.note("name", "name must have 1 to \(NewAPIKey.nameLengths.upperBound) characters.")
        }
        let scopes = body.scopes()
        let expiresAt = body.moment("expires_at")
        guard body.errors.isEmpty, let name,
            let key = NewAPIKey(name: name, scopes: scopes, expiresAt: expiresAt)
        else { throw body.problem }
        for scope in key.scopes where !request.caller.scopes.contains(scope) {
            throw .scopeNotHeld(scope)
        }
        self.key = key
        origin = request.origin
    }
}

/// A key's number, and who asks.
struct KeyRequest: RequestInput {
    let id: Int64
    let origin: Origin

    init(_ request: IncomingRequest) throws(Problem) {
        guard let id = request.positiveNumber("key_id") else {
            let detail = "The key's number must be a whole number from 1 to \(Int64.max)."
            throw .invalid(.parameter("key_id", in: .path), detail)
        }
        self.id = id
        origin = request.origin
    }
}

extension BodyReader {
    fileprivate mutating func scopes() -> Set<Scope> {
        let known = Scope.allCases.map(\.rawValue).joined(separator: ", ")
        let wanted = "scopes must be an array of at least one of \(known)"
        guard case .array(let elements) = object["scopes"] ?? .null, !elements.isEmpty else {
            note("scopes", "\(wanted).")
            return []
        }
        var scopes: Set<Scope> = []
        for element in elements {
            guard case .string(let text) = element, let scope = Scope(rawValue: text) else {
                note("scopes", "\(wanted), and of nothing else.")
                return []
            }
            scopes.insert(scope)
        }
        return scopes
    }

    /// nil where there is none; a null counts as none.
    fileprivate mutating func moment(_ member: String) -> Timestamp? {
        guard let value = object[member], value != .null else { return nil }
        guard case .string(let text) = value, let moment = Timestamp(rfc3339: text) else {
            return refuse(
                member, "\(member) must be a time as in RFC 3339: 2026-11-22T07:18:29.093827Z.")
        }
        return moment
    }
}
