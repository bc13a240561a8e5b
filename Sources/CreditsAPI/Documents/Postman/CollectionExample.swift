import HTTP

/// An answer that is kept with a request, to be read without sending it.
struct CollectionExample {
    let name: String
    private let status: Status
    private let mediaType: String?
    private let body: String

    init(_ response: ResponseDescription) {
        let content = response.contents.first
        name = response.description
        status = response.status
        mediaType = content?.mediaType
        body = content?.example.map(Self.text) ?? ""
    }

    init(_ type: ProblemType, _ route: Route?) {
        name = type.title
        status = type.status
        mediaType = "application/problem+json"
        body = Self.text(type.example.exampleBody(for: route))
    }

    func json(identifier: JSONValue, request: JSONValue) -> JSONValue {
        let headers: [JSONValue] =
            mediaType.map { [["key": "Content-Type", "value": .string($0)]] } ?? []
        return [
            "id": identifier, "name": .string(name), "originalRequest": request,
            "status": .string(status.reasonPhrase), "code": .integer(status.code),
            "_postman_previewlanguage": .string(previewLanguage), "header": .array(headers),
            "cookie": [], "body": .string(body),
        ]
    }

    private var previewLanguage: String {
        guard let mediaType else { return "plain" }
        if mediaType.hasSuffix("json") { return "json" }
        return mediaType == "text/html" ? "html" : "plain"
    }

    private static func text(_ value: JSONValue) -> String {
        String(decoding: value.encoded(.indented).dropLast(), as: UTF8.self)
    }
}
