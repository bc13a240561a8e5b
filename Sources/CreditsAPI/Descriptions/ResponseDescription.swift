import HTTP

/// An answer that is no problem. A problem's answer follows from its `ProblemType`.
struct ResponseDescription: Sendable {
    /// One representation of the answer; a browser and curl may get different ones.
    struct Content: Sendable {
        let mediaType: String
        let schema: JSONSchema
        let example: JSONValue?
    }

    /// A field of the answer that a caller may want to read.
    struct Header: Sendable {
        let name: String
        let description: String
        let schema: JSONSchema
        var isAlwaysPresent = false
    }

    let status: Status
    let description: String
    var contents: [Content] = []
    var headers: [Header] = []
}

extension ResponseDescription {
    static func json(
        _ status: Status, _ description: String, _ schema: SchemaComponent, example: JSONValue,
        headers: [Header] = []
    ) -> ResponseDescription {
        let content = Content(
            mediaType: "application/json", schema: .reference(schema), example: example)
        return ResponseDescription(
            status: status, description: description, contents: [content], headers: headers)
    }

    static let notModified = ResponseDescription(
        status: .notModified,
        description: "What `If-None-Match` names, the client has already; no content.")

    /// JSON for a program, HTML for a browser.
    static func negotiated(
        _ description: String, _ schema: SchemaComponent, example: JSONValue
    ) -> ResponseDescription {
        var response = json(.ok, description, schema, example: example)
        response.contents.append(
            Content(mediaType: "text/html", schema: .string(), example: nil))
        return response
    }

    /// A page, script or picture, of which no more is to be said than its type.
    static func document(
        _ description: String, mediaType: String, headers: [Header] = [.entityTag]
    ) -> ResponseDescription {
        let content = Content(mediaType: mediaType, schema: .string(), example: nil)
        return ResponseDescription(
            status: .ok, description: description, contents: [content], headers: headers)
    }

    static func redirect(_ status: Status, _ description: String) -> ResponseDescription {
        let location = Header(
            name: "Location", description: "Where to go.", schema: .string(format: "uri-reference"),
            isAlwaysPresent: true)
        return ResponseDescription(
            status: status, description: description, headers: [location])
    }
}
