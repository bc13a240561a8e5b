/// Every problem that this service can answer with: a closed list, each with a page of its own at
/// `/problems/{slug}` (RFC 9457, 4: the type is what a client's code switches over).
enum ProblemType: String, Sendable, CaseIterable {
    case malformedRequest = "malformed-request"
    case malformedJSON = "malformed-json"
    case missingBody = "missing-body"
    case malformedIdempotencyKey = "malformed-idempotency-key"
    case authenticationRequired = "authentication-required"
    case insufficientCredits = "insufficient-credits"
    case invalidKey = "invalid-key"
    case missingScope = "missing-scope"
    case crossSiteRequest = "cross-site-request"
    case unexpectedHost = "unexpected-host"
    case userNotFound = "user-not-found"
    case recipientNotFound = "recipient-not-found"
    case transactionNotFound = "transaction-not-found"
    case keyNotFound = "key-not-found"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case requestTimeout = "request-timeout"
    case emailTaken = "email-taken"
    case databaseRule = "database-rule"
    case balanceLimitReached = "balance-limit-reached"
    case notReversible = "not-reversible"
    case alreadyReversed = "already-reversed"
    case schemaLocked = "schema-locked"
    case preconditionFailed = "precondition-failed"
    case contentTooLarge = "content-too-large"
    case targetTooLong = "target-too-long"
    case unsupportedMediaType = "unsupported-media-type"
    case expectationFailed = "expectation-failed"
    case invalidValue = "invalid-value"
    case idempotencyKeyReused = "idempotency-key-reused"
    case schemaBusy = "schema-busy"
    case schemaGuard = "schema-guard"
    case schemaPlanDiffers = "schema-plan-differs"
    case schemaChangeRejected = "schema-change-rejected"
    case rateLimited = "rate-limited"
    case headerTooLarge = "header-too-large"
    case internalError = "internal-error"
    case notImplemented = "not-implemented"
    case unavailable = "unavailable"
    case overloaded = "overloaded"
    case notReady = "not-ready"
    case outcomeUnknown = "outcome-unknown"
    case versionNotSupported = "version-not-supported"

    var slug: String { rawValue }

    /// A reference relative to this server (RFC 9457, 3.1.1 allows it), so that it is right behind
    /// any proxy and under any name.
    var path: String { "/problems/\(slug)" }
}

// MARK: - Groups

extension [ProblemType] {
    /// What can become of any request, before a route is asked.
    static let everywhere: [ProblemType] = [
        .malformedRequest, .crossSiteRequest, .unexpectedHost, .requestTimeout, .contentTooLarge,
        .targetTooLong, .expectationFailed, .headerTooLarge, .internalError, .notImplemented,
        .overloaded, .versionNotSupported,
    ]

    /// Reading a JSON body.
    static let body: [ProblemType] = [
        .malformedJSON, .missingBody, .unsupportedMediaType, .invalidValue,
    ]

    /// Asking the database.
    static let database: [ProblemType] = [.unavailable]

    /// A write to a balance.
    static let write: [ProblemType] =
        body + [.malformedIdempotencyKey, .userNotFound, .idempotencyKeyReused, .databaseRule]
        + database + [.outcomeUnknown]

    /// A route that needs a key, where the database may have to be asked for it.
    static let guarded: [ProblemType] =
        [.authenticationRequired, .invalidKey, .missingScope, .rateLimited] + database
}
