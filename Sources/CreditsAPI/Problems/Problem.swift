import HTTP

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
        let body = members(instance: instance, requestID: requestID)
        var response = Response(
            status: type.status, contentType: "application/problem+json",
            body: JSONValue.object(body).encoded())
        for field in fields { response.fields.set(field.name, field.value) }
        return response
    }

    /// What the problem says as JSON; without a request's id where it stands within an answer.
    func members(instance: String?, requestID: String? = nil) -> JSONObject {
        var body = JSONObject()
        body.set("type", .string(type.path))
        body.set("title", .string(type.title))
        body.set("status", .integer(type.status.code))
        body.set("detail", .string(detail))
        if let instance { body.set("instance", .string(instance)) }
        if let requestID { body.set("request_id", .string(requestID)) }
        if !errors.isEmpty { body.set("errors", .array(errors.map(\.json))) }
        for member in members { body.set(member.name, member.value) }
        return body
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
