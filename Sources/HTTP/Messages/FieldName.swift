/// The name of a header field: a token, compared without regard to case (RFC 9110 5.1).
package struct FieldName: Sendable {
    /// As it is written on the wire: the way its author wrote it, or the way it arrived.
    package let spelling: String

    /// Nil when the text is no token.
    package init?(_ text: String) {
        guard ByteSet.token.spells(text) else { return nil }
        spelling = text
    }
}

extension FieldName: Hashable {
    package static func == (left: FieldName, right: FieldName) -> Bool {
        left.spelling.utf8.elementsEqual(right.spelling.utf8) {
            ASCII.lowercased($0) == ASCII.lowercased($1)
        }
    }

    package func hash(into hasher: inout Hasher) {
        for byte in spelling.utf8 {
            hasher.combine(ASCII.lowercased(byte))
        }
    }
}

extension FieldName: ExpressibleByStringLiteral {
    /// For names in the source: one that is no token is a bug.
    package init(stringLiteral text: String) {
        guard let name = FieldName(text) else {
            preconditionFailure("\"\(text)\" is no field name")
        }
        self = name
    }
}

extension FieldName: CustomStringConvertible {
    package var description: String { spelling }
}

extension FieldName {
    package static let accept: FieldName = "Accept"
    package static let allow: FieldName = "Allow"
    package static let authorization: FieldName = "Authorization"
    package static let cacheControl: FieldName = "Cache-Control"
    package static let connection: FieldName = "Connection"
    package static let contentLength: FieldName = "Content-Length"
    package static let contentType: FieldName = "Content-Type"
    package static let date: FieldName = "Date"
    package static let etag: FieldName = "ETag"
    package static let expect: FieldName = "Expect"
    package static let host: FieldName = "Host"
    package static let ifNoneMatch: FieldName = "If-None-Match"
    package static let location: FieldName = "Location"
    package static let origin: FieldName = "Origin"
    package static let retryAfter: FieldName = "Retry-After"
    package static let transferEncoding: FieldName = "Transfer-Encoding"
    package static let vary: FieldName = "Vary"
}
