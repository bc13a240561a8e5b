import HTTP
import Ledger

/// A request on its way to its handler: routed, and named.
struct IncomingRequest: Sendable {
    let request: Request
    let id: RequestID
    /// Whose key the request showed; nil where it needed none.
    var actor: ActorName? { caller.actor }
    var caller = Caller.anybody
    /// The names and the values of the path's holes, in order, one to one.
    let parameterNames: [String]
    let parameterValues: [String]

    /// Asked for a hole that the route's path does not have, this is a fault of ours.
    func pathParameter(_ name: String) -> String {
        guard let index = parameterNames.firstIndex(of: name) else {
            preconditionFailure("the route has no parameter \(name)")
        }
        return parameterValues[index]
    }
}

/// For routes that read nothing of the request but its path.
struct NoInput: RequestInput {
    init(_ request: IncomingRequest) {}
}

extension IncomingRequest {
    /// What the audit log says of who did it.
    var origin: Origin { Origin(actor: actor, requestID: id.text) }

    /// The number in a hole of the path; nil for what is none. Int64 takes a sign too, which no
    /// number of ours has.
    func positiveNumber(_ name: String) -> Int64? {
        let text = pathParameter(name)
        guard text.utf8.first != UInt8(ascii: "+"), let number = Int64(text), number > 0 else {
            return nil
        }
        return number
    }

    func userID() throws(Problem) -> UserID {
        guard let user = positiveNumber("user_id").flatMap(UserID.init) else {
            let detail = "The user id must be a whole number from 1 to \(Int64.max), in digits."
            throw .invalid(.parameter("user_id", in: .path), detail)
        }
        return user
    }

    /// The field Idempotency-Key: bare, or a quoted string as the IETF's draft has it (a String of
    /// RFC 9651, 3.3.3). One that breaks its syntax is malformed HTTP and so 400; 422 stays the
    /// sign that a well-formed key was used twice.
    func idempotencyKey() throws(Problem) -> IdempotencyKey? {
        let values = request.fields.values(of: .idempotencyKey)
        guard let value = values.first else { return nil }
        guard values.count == 1, let text = Self.unquoted(value), let key = IdempotencyKey(text)
        else {
            throw Problem(
                type: .malformedIdempotencyKey,
                detail: "An Idempotency-Key is 1 to 255 visible ASCII characters, bare or as a "
                    + "quoted string, and stands in a request once.",
                errors: [
                    FieldError(
                        place: .parameter("Idempotency-Key", in: .header),
                        detail: "Send 1 to 255 visible ASCII characters.")
                ])
        }
        return key
    }

    private static func unquoted(_ value: String) -> String? {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        guard value.utf8.first == quote else { return value }
        guard value.utf8.count >= 2, value.utf8.last == quote else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in value.utf8.dropFirst().dropLast() {
            if isEscaped {
                guard byte == quote || byte == backslash else { return nil }
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
                continue
            } else if byte == quote {
                return nil
            }
            text.append(byte)
        }
        return isEscaped ? nil : String(decoding: text, as: UTF8.self)
    }
}
