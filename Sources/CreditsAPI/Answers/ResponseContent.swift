import HTTP

extension Response {
    init(status: Status, contentType: String, body: [UInt8]) {
        self.init(status: status, fields: [.contentType: contentType], body: body)
    }

    static func json(_ status: Status, _ body: [UInt8]) -> Response {
        Response(status: status, fields: jsonFields, body: body)
    }

    private static let jsonFields: Fields = [.contentType: "application/json"]

    static func json(_ status: Status, _ value: JSONValue) -> Response {
        .json(status, value.encoded())
    }

    static func redirect(_ status: Status, to location: String) -> Response {
        Response(status: status, fields: [.location: location])
    }

    /// A page for a browser, which may load what this server has and nothing else.
    static func page(_ body: [UInt8]) -> Response {
        var response = Response(
            status: .ok, contentType: "text/html; charset=utf-8", body: body)
        response.fields.append("Content-Security-Policy", contentSecurityPolicy)
        response.fields.append("Referrer-Policy", "no-referrer")
        response.fields.append("X-Frame-Options", "DENY")
        response.fields.append("Cross-Origin-Opener-Policy", "same-origin")
        response.fields.append(.cacheControl, "no-cache")
        response.fields.append(.etag, EntityTag.text(of: body))
        return response
    }

    private static let contentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; "
        + "frame-ancestors 'none'"
}

/// An answer that is finished already.
struct ReadyAnswer: Answer {
    private let ready: Response

    init(_ ready: Response) {
        self.ready = ready
    }

    func response() -> Response { ready }
}
