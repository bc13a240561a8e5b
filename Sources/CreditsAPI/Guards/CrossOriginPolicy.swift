import HTTP

/// Which other sites' pages may call the service from a browser (the Fetch standard, 3.2: CORS).
/// None, unless they are listed.
struct CrossOriginPolicy: Sendable {
    private let allowed: Set<String>

    init(_ settings: APISettings) {
        allowed = Set(settings.allowedOrigins.map { $0.lowercased() })
    }

    var isOff: Bool { allowed.isEmpty }

    /// The request's origin where it is one of the list.
    func origin(of fields: Fields) -> String? {
        guard !isOff, let origin = fields[.origin], allowed.contains(origin.lowercased()) else {
            return nil
        }
        return origin
    }

    /// What every answer says: which page may read it, and that it depends on who asked.
    func mark(_ response: inout Response, for origin: String?) {
        guard !isOff else { return }
        response.fields.append(.vary, "Origin")
        guard let origin else { return }
        response.fields.append("Access-Control-Allow-Origin", origin)
        response.fields.append("Access-Control-Expose-Headers", Self.exposed)
    }

    /// What a browser asks before it sends a request that no form could send.
    func preflight(_ request: Request, allow: String) -> Response? {
        guard origin(of: request.fields) != nil,
            request.fields.contains("Access-Control-Request-Method")
        else { return nil }
        return Response(
            status: .noContent,
            fields: [
                .allow: allow, "Access-Control-Allow-Methods": allow,
                "Access-Control-Allow-Headers": Self.accepted, "Access-Control-Max-Age": "600",
            ])
    }

    private static let accepted =
        "Authorization, X-API-Key, X-Admin-Token, Content-Type, Idempotency-Key, X-Request-Id"
    private static let exposed =
        "X-Request-Id, Idempotent-Replayed, Link, Location, Retry-After, RateLimit, "
        + "RateLimit-Policy"
}
