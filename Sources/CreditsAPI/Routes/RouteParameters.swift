import HTTP
import Ledger

extension ParameterDescription {
    static let userID = ParameterDescription(
        name: "user_id", location: .path, description: "The user's number: 1 or more.",
        isRequired: true, schema: SchemaComponent.userID, example: 1)

    static let idempotencyKey = ParameterDescription(
        name: "Idempotency-Key", location: .header,
        description: "Your name for this write, such as a UUID: 1 to 255 visible ASCII characters. "
            + "The same request under the same key happens once, however often it is sent. Keys "
            + "belong to the user, and are kept as long as the ledger.",
        schema: .string(
            lengths: IdempotencyKey.lengths,
            pattern: #"^([!#-~][!-~]*|"([!#-\[\]-~]|\\["\\])+")$"#),
        example: "9b2f7c1e-6d43-4c58-a0f1-3e5d8c7b9a10")

    static let dryRun = ParameterDescription(
        name: "dry_run", location: .query,
        description: "`true` to be told what would happen: the same answer, with `dry_run` and "
            + "without `transaction_id`. Nothing is moved, and no key is used up.",
        schema: .boolean(), example: true)

    static let transactionID = ParameterDescription(
        name: "transaction_id", location: .path,
        description: "The `transaction_id` that a write answered, and the ledger shows.",
        isRequired: true, schema: .integer(1...Int64.max), example: 5)

    /// The size of a page.
    static func limit(
        _ what: String, _ limits: ClosedRange<Int>, default: Int
    ) -> ParameterDescription {
        ParameterDescription(
            name: "limit", location: .query,
            description: "\(what) at most; \(`default`) if not given.",
            schema: JSONSchema(
                kinds: [.integer], minimum: Int64(limits.lowerBound),
                maximum: Int64(limits.upperBound)), example: 50)
    }

    static let asset = ParameterDescription(
        name: "asset", location: .path, description: "The file's name.", isRequired: true,
        schema: .string(), example: "icon.svg")

    static let problemType = ParameterDescription(
        name: "type", location: .path, description: "The last part of a problem's `type`.",
        isRequired: true, schema: .enum(ProblemType.allCases.map(\.slug)),
        example: .string(ProblemType.insufficientCredits.slug))
}

extension ResponseDescription {
    static func receipt(
        _ description: String, _ example: JSONValue, schema: SchemaComponent = .receipt
    ) -> ResponseDescription {
        .json(.ok, description, schema, example: example, headers: [.idempotentReplayed])
    }
}

extension ResponseDescription.Header {
    static let location = Self(
        name: "Location", description: "The path of what was made.",
        schema: .string(format: "uri-reference"), isAlwaysPresent: true)

    static let idempotentReplayed = Self(
        name: "Idempotent-Replayed",
        description: "`true` where this is the answer to an earlier request under the same "
            + "Idempotency-Key, given again: nothing was moved now.",
        schema: .enum(["true"]))

    static let entityTag = Self(
        name: "ETag", description: "Of this state of the document, for `If-None-Match`.",
        schema: .string(), isAlwaysPresent: true)

    static let requestID = Self(
        name: "X-Request-Id",
        description: "The request's own X-Request-Id, or one that the server made.",
        schema: .string(lengths: RequestID.lengths), isAlwaysPresent: true)

    static let allow = Self(
        name: "Allow", description: "The methods that the path has.", schema: .string(),
        isAlwaysPresent: true)

    static let retryAfter = Self(
        name: "Retry-After", description: "How many seconds to wait.", schema: .integer(1...3600),
        isAlwaysPresent: true)

    /// This one and the next are those of draft-ietf-httpapi-ratelimit-headers. Too many wrong keys
    /// are answered without them.
    static let rateLimit = Self(
        name: "RateLimit",
        description: "The limit that was met, `key` or `address`, what is left of it (`r`), and in "
            + "how many seconds there is more (`t`): `\"key\";r=0;t=6`.",
        schema: .string())

    static let rateLimitPolicy = Self(
        name: "RateLimit-Policy",
        description: "How many requests (`q`) that limit allows in how many seconds (`w`): "
            + "`\"key\";q=600;w=60`.",
        schema: .string())

    static let authenticate = Self(
        name: "WWW-Authenticate", description: "How to authenticate.", schema: .string(),
        isAlwaysPresent: true)
}
