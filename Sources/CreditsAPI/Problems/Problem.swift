import HTTP
import Ledger

/// One occurrence of a problem: what a handler throws, and a client is told (RFC 9457).
struct Problem: Error, Sendable {
    let type: ProblemType
    /// What went wrong this time, and what to do.
    let detail: String
    var errors: [FieldError] = []
    /// Extension members, after the ones that every problem has.
    var members: [JSONObject.Member] = []
    /// Fields that belong to the answer, such as Allow and Retry-After.
    var fields: [(name: FieldName, value: String)] = []
    /// For our log; a client never sees it.
    var cause: String?

    /// - Parameter instance: The path that was asked for; nil where none could be read.
    func response(instance: String?, requestID: String) -> Response {
        var body = JSONObject()
        body.set("type", .string(type.path))
        body.set("title", .string(type.title))
        body.set("status", .integer(type.status.code))
        body.set("detail", .string(detail))
        if let instance { body.set("instance", .string(instance)) }
        body.set("request_id", .string(requestID))
        if !errors.isEmpty { body.set("errors", .array(errors.map(\.json))) }
        for member in members { body.set(member.name, member.value) }
        var response = Response(
            status: type.status, contentType: "application/problem+json",
            body: JSONValue.object(body).encoded())
        for field in fields { response.fields.set(field.name, field.value) }
        return response
    }
}

/// A value that is wrong: where it stands, and what is allowed there.
struct FieldError: Hashable, Sendable {
    enum Place: Hashable, Sendable {
        /// A member of the body's object.
        case body(member: String)
        /// The body itself.
        case wholeBody
        case parameter(String, in: ParameterDescription.Location)
    }

    let place: Place
    /// A whole sentence.
    let detail: String

    var json: JSONValue {
        switch place {
        case .wholeBody: ["pointer": "#", "detail": .string(detail)]
        case .body(let member):
            // No member of ours has a character that a JSON pointer escapes (RFC 6901, 3).
            ["pointer": .string("#/\(member)"), "detail": .string(detail)]
        case .parameter(let name, let location):
            [
                "parameter": .string(name), "in": .string(location.rawValue),
                "detail": .string(detail),
            ]
        }
    }
}

// MARK: - The request's faults

extension Problem {
    static func invalid(_ errors: [FieldError]) -> Problem {
        Problem(
            type: .invalidValue, detail: errors.map(\.detail).joined(separator: " "),
            errors: errors)
    }

    static func invalid(_ place: FieldError.Place, _ detail: String) -> Problem {
        .invalid([FieldError(place: place, detail: detail)])
    }

    static func malformed(_ error: JSONSyntaxError) -> Problem {
        let position = "line \(error.line), column \(error.column)"
        return Problem(
            type: .malformedJSON,
            detail: "The body is not valid JSON: at \(position) \(error.explanation).",
            members: [
                .init(name: "line", value: .integer(error.line)),
                .init(name: "column", value: .integer(error.column)),
            ])
    }

    static func methodNotAllowed(_ method: Method, allow: String) -> Problem {
        Problem(
            type: .methodNotAllowed,
            detail: "This path has no \(method.rawValue). It has: \(allow).",
            fields: [("Allow", allow)])
    }

    static let nothingHere = Problem(
        type: .notFound,
        detail: "There is nothing at this path. The documentation at /docs lists what there is.")

    static let userNotFound = Problem(type: .userNotFound, detail: "User not found")
}

// MARK: - The ledger's refusals

extension Problem {
    static func insufficientCredits(available: Int64, requested: Int64) -> Problem {
        let shortfall = requested - available
        return Problem(
            type: .insufficientCredits,
            detail: "Insufficient credits: \(available) available, \(requested) requested, "
                + "\(shortfall) missing. Nothing was deducted.",
            members: [
                .init(name: "available", value: .integer(available)),
                .init(name: "requested", value: .integer(requested)),
                .init(name: "shortfall", value: .integer(shortfall)),
            ])
    }

    static func balanceLimitReached(room: Int64, requested: Int64) -> Problem {
        Problem(
            type: .balanceLimitReached,
            detail: "The balance may not exceed \(BalanceLimits.range.upperBound): there is room "
                + "for \(room) more, and \(requested) was to be added. Nothing was added.")
    }

    static func keyReused(differing member: String) -> Problem {
        Problem(
            type: .idempotencyKeyReused,
            detail: "This Idempotency-Key stands for an earlier write to this user with another "
                + "\(member == "kind" ? "call" : member). Use a new key for a new write.",
            errors: [
                FieldError(
                    place: member == "kind"
                        ? .parameter("Idempotency-Key", in: .header) : .body(member: member),
                    detail: "The \(member) differs from that of the first request under this key.")
            ])
    }

    init(_ error: LedgerError) {
        switch error {
        case .unavailable:
            self.init(
                type: .unavailable,
                detail:
                    "The database cannot serve this at the moment. Nothing was changed; try again "
                    + "shortly, and see /readyz.",
                fields: [Self.retryAfter])
        case .overloaded:
            self.init(
                type: .overloaded,
                detail: "Too many requests are waiting. Nothing was changed; try again shortly.",
                fields: [Self.retryAfter])
        case .outcomeUnknown:
            self.init(
                type: .outcomeUnknown,
                detail:
                    "The database was lost during the commit, so the change may have been made. "
                    + "A write with an Idempotency-Key can safely be sent again; without one, read "
                    + "first.",
                fields: [Self.retryAfter])
        case .failed(let cause):
            self.init(
                type: .internalError,
                detail: "The service made a mistake. It is logged under this request_id.",
                cause: cause)
        }
    }

    /// A database that fails over is back within seconds, and a queue drains in less.
    static let retryAfter: (name: FieldName, value: String) = ("Retry-After", "1")
}
