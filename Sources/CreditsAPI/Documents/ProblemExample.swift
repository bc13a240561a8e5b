import HTTP
import Ledger

extension ProblemType {
    /// One occurrence, as a client may see it: for the documents. Made by the code that answers,
    /// where that code has the words; the rest repeats what the guards and readers say.
    var example: Problem {
        switch self {
        case .malformedRequest: Problem(RequestError.invalidFieldName)
        case .requestTimeout: Problem(RequestError.timeout)
        case .contentTooLarge: Problem(RequestError.bodyTooLarge)
        case .targetTooLong: Problem(RequestError.targetTooLong)
        case .expectationFailed: Problem(RequestError.unsupportedExpectation)
        case .headerTooLarge: Problem(RequestError.fieldsTooLarge)
        case .notImplemented: Problem(RequestError.unsupportedTransferCoding)
        case .versionNotSupported: Problem(RequestError.unsupportedVersion)
        case .unavailable: Problem(.unavailable)
        case .overloaded: Problem(.overloaded)
        case .outcomeUnknown: Problem(.outcomeUnknown)
        case .databaseRule: Problem(.forbidden("for the documents"))
        case .internalError: Problem(.failed("for the documents"))
        case .insufficientCredits: .insufficientCredits(available: 100, requested: 250)
        case .balanceLimitReached: .balanceLimitReached(room: 7, requested: 10)
        case .idempotencyKeyReused: .keyReused(differing: "amount")
        case .userNotFound: .userNotFound
        case .recipientNotFound: Problem(.recipientNotFound)
        case .transactionNotFound: Problem(.transactionNotFound)
        case .notReversible: Problem(.notReversible(.transferOut))
        case .alreadyReversed: Problem(.alreadyReversed(by: 12))
        case .notFound: .nothingHere
        case .methodNotAllowed: .methodNotAllowed(.delete, allow: "GET, HEAD, OPTIONS")
        case .preconditionFailed:
            .preconditionFailed(
                "If-Match names an entity tag, and nothing that can be written has one. "
                    + "Nothing was changed.")
        case .malformedJSON: Self.unfinishedJSON
        case .invalidValue:
            .invalid(
                .body(member: "amount"),
                "amount must be a whole number: credits have no fractions.")
        case .notReady:
            Problem(
                type: self, detail: "Not ready: the database cannot be reached.",
                members: [.init(name: "missing", value: ["database"])], fields: [Problem.retryAfter]
            )
        case .schemaChangeRejected: Self.unknownTable
        case .schemaLocked: Self.lockedTable
        case .schemaBusy: .schemaBusy
        case .schemaGuard: Self.lostColumn
        case .schemaPlanDiffers:
            Problem(type: self, detail: documentation)
        case .authenticationRequired: .authenticationRequired
        case .invalidKey: .invalidKey
        case .missingScope: .missingScope(.writeCredits)
        case .rateLimited: .rateLimited("key", .ofBadKeys, .seconds(6))
        case .keyNotFound: .keyNotFound
        case .emailTaken:
            Problem(
                type: self, detail: "Another user has this e-mail address. No user was made.",
                errors: [
                    FieldError(
                        place: .body(member: "email"), detail: "Give an address that is free.")
                ])
        case .missingBody, .malformedIdempotencyKey, .crossSiteRequest,
            .unexpectedHost, .unsupportedMediaType:
            Problem(type: self, detail: documentation)
        }
    }

    private static let unfinishedJSON = Problem.malformed(
        JSONSyntaxError(explanation: "a comma or } is expected", line: 1, column: 14))

    private static let unknownTable = Problem(
        type: .schemaChangeRejected,
        detail: "PostgreSQL refused the SQL: relation \"user\" does not exist (SQLSTATE 42P01). "
            + "Nothing was changed.",
        errors: [
            FieldError(place: .body(member: "sql"), detail: "relation \"user\" does not exist")
        ],
        members: [.init(name: "sqlstate", value: "42P01")])

    private static let lostColumn = Problem(
        type: .schemaGuard,
        detail: "The guard required-objects refused the change: column users.name is missing. "
            + "Nothing was changed.",
        errors: [
            FieldError(place: .body(member: "sql"), detail: "Leave alone what the guard names.")
        ],
        members: [
            .init(name: "guard", value: "required-objects"),
            .init(name: "saw", value: ["column users.name is missing"]),
        ])

    private static let lockedTable = Problem(
        type: .schemaLocked,
        detail: "A table that the SQL changes stayed locked by others for too long. Nothing was "
            + "changed; try again when there is less traffic.",
        members: [.init(name: "sqlstate", value: "55P03")], fields: [("Retry-After", "5")])
}

extension Problem {
    /// The body as a client would read it, in answer to the route's own example.
    func exampleBody(for route: Route?) -> JSONValue {
        let answer = response(
            instance: route?.examplePath ?? "/", requestID: "7f3c9a52d1e84b06a91f22c47d30be58")
        do {
            return try JSONParser.parse(answer.body)
        } catch {
            preconditionFailure("\(type.slug) is answered with what is no JSON: \(error)")
        }
    }
}

extension Route {
    /// The path with the parameters' examples in its holes: `/api/credits/1/add`.
    var examplePath: String {
        let segments = path.segments.map { segment in
            switch segment {
            case .literal(let text): text
            case .parameter(let name): exampleText(of: name)
            }
        }
        return "/" + segments.joined(separator: "/")
    }

    private func exampleText(of name: String) -> String {
        switch parameters.first(where: { $0.name == name })?.example {
        case .string(let text): text
        case .number(let number): number.lexeme
        default: preconditionFailure("\(operationID): the parameter \(name) needs an example")
        }
    }
}
