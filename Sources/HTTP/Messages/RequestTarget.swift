/// What a request is about: the second word of its first line (RFC 9112 3.2).
package struct RequestTarget: Sendable {
    package enum Form: Sendable {
        /// `/path?query`: nearly every request.
        case origin
        /// `http://host/path?query`: what a client sends to a proxy; every server must take it.
        case absolute
        /// `host:port`: CONNECT, and nothing else.
        case authority
        /// `*`: OPTIONS about the server as a whole, and nothing else.
        case asterisk
    }

    package let form: Form
    /// As it was sent, and where its parts lie in it: strings are made of what is asked for.
    private let bytes: [UInt8]
    private let authorityPlace: Range<Int>?
    private let pathPlace: Range<Int>
    private let queryPlace: Range<Int>?

    /// Throws `.invalidTarget` for what is no target at all, `.unsuitableTarget` for a form that
    /// does not go with the method.
    package init(_ raw: String, for method: Method) throws(RequestError) {
        try self.init(Array(raw.utf8), for: method)
    }

    init(_ bytes: [UInt8], for method: Method) throws(RequestError) {
        guard Self.isSpelledRight(bytes) else { throw .invalidTarget }
        if bytes.count == 1, bytes.first == UInt8(ascii: "*") {
            guard method == .options else { throw .unsuitableTarget }
            self.init(bytes, .asterisk, authority: nil, pathAndQuery: 0..<0)
        } else if method == .connect {
            guard Authority.isValid(bytes[...], needsPort: true) else { throw .unsuitableTarget }
            self.init(bytes, .authority, authority: bytes.indices, pathAndQuery: 0..<0)
        } else if bytes.first == UInt8(ascii: "/") {
            self.init(bytes, .origin, authority: nil, pathAndQuery: bytes.indices)
        } else {
            try self.init(absolute: bytes)
        }
    }

    private static func isSpelledRight(_ bytes: [UInt8]) -> Bool {
        let allowed = bytes.first == UInt8(ascii: "/") ? ByteSet.pathAndQuery : .target
        var hasPercent = false
        for byte in bytes {
            guard allowed.contains(byte) else { return false }
            if byte == UInt8(ascii: "%") { hasPercent = true }
        }
        return !bytes.isEmpty && (!hasPercent || PercentEncoding.isValid(bytes[...]))
    }

    /// `http://authority/path?query` (RFC 9112 3.2.2); the scheme knows no case, and user
    /// information is an error (RFC 9110 4.2.4). `https` is none of ours: what is asked for under
    /// it must come over TLS (RFC 9110 7.4), and no TLS ends here.
    private init(absolute bytes: [UInt8]) throws(RequestError) {
        let scheme = "http://"
        guard bytes.prefix(scheme.utf8.count).isWord(scheme) else { throw .invalidTarget }
        let rest = bytes.dropFirst(scheme.utf8.count)
        let delimiters = [UInt8(ascii: "/"), UInt8(ascii: "?")]
        let authority = rest.prefix { !delimiters.contains($0) }
        guard Authority.isValid(authority) else { throw .invalidTarget }
        guard bytes[authority.endIndex...].allSatisfy(ByteSet.pathAndQuery.contains) else {
            throw .invalidTarget
        }
        self.init(
            bytes, .absolute, authority: authority.indices,
            pathAndQuery: authority.endIndex..<bytes.endIndex)
    }

    private init(
        _ bytes: [UInt8], _ form: Form, authority: Range<Int>?, pathAndQuery: Range<Int>
    ) {
        self.bytes = bytes
        self.form = form
        authorityPlace = authority
        guard let mark = bytes[pathAndQuery].firstIndex(of: UInt8(ascii: "?")) else {
            pathPlace = pathAndQuery
            queryPlace = nil
            return
        }
        pathPlace = pathAndQuery.lowerBound..<mark
        queryPlace = mark + 1..<pathAndQuery.upperBound
    }
}

extension RequestTarget {
    /// As it was sent.
    package var raw: String { text(bytes.indices) }

    /// `host` or `host:port`, of the absolute and the authority form.
    package var authority: String? { authorityPlace.map(text) }

    /// As it was sent, still percent-encoded; empty where the form has none. An absolute form
    /// without one means the root (RFC 9110 4.2.3).
    package var path: String {
        form == .absolute && pathPlace.isEmpty ? "/" : text(pathPlace)
    }

    /// What follows the first `?`, still percent-encoded; nil where there is none.
    package var query: String? { queryPlace.map(text) }

    private func text(_ place: Range<Int>) -> String {
        String(decoding: bytes[place], as: UTF8.self)
    }
}

extension RequestTarget {
    /// The path's segments, percent-decoded. Made anew at every call.
    package var segments: PathSegments { PathSegments(pathPlace, of: bytes) }

    /// The query's `name=value` pairs in their order, decoded the way forms are encoded
    /// (percent-encoding, and `+` for a space). A name without `=` has an empty value.
    package var queryItems: [(name: String, value: String)] {
        guard let queryPlace else { return [] }
        return bytes[queryPlace].split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            return (
                name: PercentEncoding.decode(pair[..<equals], plusIsSpace: true),
                value: PercentEncoding.decode(pair[equals...].dropFirst(), plusIsSpace: true)
            )
        }
    }

    /// The first value under the name.
    package func queryValue(_ name: String) -> String? {
        queryItems.first { $0.name == name }?.value
    }
}
