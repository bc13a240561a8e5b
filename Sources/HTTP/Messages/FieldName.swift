/// The name of a header field: a token, compared without regard to case (RFC 9110 5.1).
package struct FieldName: Sendable {
    /// As it is written on the wire: the way its author wrote it, or the way it arrived.
    let spelled: [UInt8]
    /// The same in small letters: what names are compared by.
    let folded: [UInt8]

    /// Nil when the text is no token.
    package init?(_ text: String) {
        guard ByteSet.token.spells(text) else { return nil }
        spelled = Array(text.utf8)
        folded = spelled.map(ASCII.lowercased)
    }

    package var spelling: String { String(decoding: spelled, as: UTF8.self) }
}

extension FieldName: Hashable {
    package static func == (left: FieldName, right: FieldName) -> Bool {
        left.folded == right.folded
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(folded)
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
    package static let ifMatch: FieldName = "If-Match"
    package static let ifNoneMatch: FieldName = "If-None-Match"
    package static let location: FieldName = "Location"
    package static let origin: FieldName = "Origin"
    package static let retryAfter: FieldName = "Retry-After"
    package static let transferEncoding: FieldName = "Transfer-Encoding"
    package static let vary: FieldName = "Vary"
}
