import HTTP

/// The fields that this interface reads and writes beside HTTP's own; made once, since the names of
/// literals are checked each time they are made.
extension FieldName {
    static let requestID: FieldName = "X-Request-Id"
    static let idempotencyKey: FieldName = "Idempotency-Key"
    static let link: FieldName = "Link"
    static let idempotentReplayed: FieldName = "Idempotent-Replayed"
    static let adminToken: FieldName = "X-Admin-Token"
    static let apiKey: FieldName = "X-API-Key"
    static let secFetchSite: FieldName = "Sec-Fetch-Site"
    static let secFetchMode: FieldName = "Sec-Fetch-Mode"
    static let secFetchDest: FieldName = "Sec-Fetch-Dest"
    static let contentEncoding: FieldName = "Content-Encoding"
    static let contentTypeOptions: FieldName = "X-Content-Type-Options"
}
