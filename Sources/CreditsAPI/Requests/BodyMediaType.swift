import HTTP

/// Whether a body may be read as JSON, by what the request says of it.
///
/// Said nothing, it is JSON: RFC 9110 8.3 lets a recipient look at content without a type, and a
/// field without a value names none. `curl -d` says by itself that it sends a form; it is believed
/// only where the body does not begin as a JSON object does.
enum BodyMediaType {
    static func check(_ request: Request) throws(Problem) {
        if isPlainJSON(request.head.fields) { return }
        guard request.fields.values(of: .contentEncoding).allSatisfy(isIdentity) else {
            throw Problem(
                type: .unsupportedMediaType,
                detail: "The body is compressed. Send it as it is, without Content-Encoding.",
                fields: [("Accept-Encoding", "identity")])
        }
        let values = request.fields.values(of: .contentType)
        guard let value = values.first, values != [""] else { return }
        guard values.count == 1, isJSON(value) || isForm(value) && beginsAsObject(request.body)
        else {
            throw Problem(
                type: .unsupportedMediaType,
                detail: "The body must be JSON in UTF-8: send Content-Type: application/json.",
                fields: [("Accept", "application/json")])
        }
    }

    /// What nearly every client sends, told apart without a string.
    private static func isPlainJSON(_ fields: Fields) -> Bool {
        guard let type = fields.value(of: .contentType) else { return false }
        return type.isWord("application/json") && fields.count(of: .contentType) == 1
            && !fields.contains(.contentEncoding)
    }

    private static func isIdentity(_ coding: String) -> Bool {
        coding.isEmpty || coding.lowercased() == "identity"
    }

    /// application/json, or another type whose suffix says that it is JSON (RFC 6839, 3.1).
    private static func isJSON(_ value: String) -> Bool {
        let parts = value.lowercased().split(separator: ";", omittingEmptySubsequences: false)
            .map(trimmed)
        guard let type = parts.first else { return false }
        let isStructured = type.hasPrefix("application/") && type.hasSuffix("+json")
        guard type == "application/json" || type == "text/json" || isStructured else {
            return false
        }
        return parts.dropFirst().allSatisfy { parameter in
            !parameter.hasPrefix("charset=")
                || ["charset=utf-8", "charset=\"utf-8\""].contains(parameter)
        }
    }

    private static func isForm(_ value: String) -> Bool {
        let type = value.lowercased().split(separator: ";", omittingEmptySubsequences: false)
            .first.map(trimmed)
        return type == "application/x-www-form-urlencoded"
    }

    private static func beginsAsObject(_ body: [UInt8]) -> Bool {
        body.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
