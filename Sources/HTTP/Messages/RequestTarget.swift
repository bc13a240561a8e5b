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

    /// As it was sent.
    package let raw: String
    package let form: Form
    /// `host` or `host:port`, of the absolute and the authority form.
    package let authority: String?
    /// As it was sent, still percent-encoded; empty where the form has none.
    package let path: String
    /// What follows the first `?`, still percent-encoded; nil where there is none.
    package let query: String?

    /// Throws `.invalidTarget` for what is no target at all, `.unsuitableTarget` for a form that
    /// does not go with the method.
    package init(_ raw: String, for method: Method) throws(RequestError) {
        guard Self.isSpelledRight(raw) else { throw .invalidTarget }
        if raw == "*" {
            guard method == .options else { throw .unsuitableTarget }
            self.init(raw: raw, form: .asterisk, authority: nil, pathAndQuery: "")
        } else if method == .connect {
            guard Authority.isValid(raw, needsPort: true) else { throw .unsuitableTarget }
            self.init(raw: raw, form: .authority, authority: raw, pathAndQuery: "")
        } else if raw.utf8.first == UInt8(ascii: "/") {
            self.init(raw: raw, form: .origin, authority: nil, pathAndQuery: raw)
        } else {
            try self.init(absolute: raw)
        }
    }

    private static func isSpelledRight(_ raw: String) -> Bool {
        let bytes = raw.utf8.span
        let allowed = ByteSet.target
        var hasPercent = false
        for index in bytes.indices {
            guard allowed.contains(bytes[index]) else { return false }
            if bytes[index] == UInt8(ascii: "%") { hasPercent = true }
        }
        return !bytes.isEmpty && (!hasPercent || PercentEncoding.isValid(raw))
    }

    /// `http://authority/path?query` (RFC 9112 3.2.2); the scheme knows no case, and user
    /// information is an error (RFC 9110 4.2.4).
    private init(absolute raw: String) throws(RequestError) {
        guard let scheme = ["http://", "https://"].first(where: { raw.lowercased().hasPrefix($0) })
        else { throw .invalidTarget }
        let rest = raw.utf8.dropFirst(scheme.utf8.count)
        let delimiters = [UInt8(ascii: "/"), UInt8(ascii: "?")]
        let authority = String(Substring(rest.prefix { !delimiters.contains($0) }))
        guard Authority.isValid(authority) else { throw .invalidTarget }
        let pathAndQuery = String(Substring(rest.dropFirst(authority.utf8.count)))
        self.init(
            raw: raw, form: .absolute, authority: authority,
            pathAndQuery: pathAndQuery.utf8.first == UInt8(ascii: "/")
                ? pathAndQuery : "/" + pathAndQuery)
    }

    private init(raw: String, form: Form, authority: String?, pathAndQuery: String) {
        self.raw = raw
        self.form = form
        self.authority = authority
        let bytes = pathAndQuery.utf8.span
        guard let mark = bytes.indices.first(where: { bytes[$0] == UInt8(ascii: "?") }) else {
            path = pathAndQuery
            query = nil
            return
        }
        path = String(Substring(pathAndQuery.utf8.prefix(mark)))
        query = String(Substring(pathAndQuery.utf8.dropFirst(mark + 1)))
    }
}

extension RequestTarget {
    /// The path's segments, percent-decoded, without `.` and `..` (RFC 3986 5.2.4), however those
    /// are encoded. An encoded slash is part of its segment.
    ///
    /// One slash at the end says nothing: `/a` and `/a/` are both `["a"]`, and `/` is `[]`. Made
    /// anew at every call.
    package var segments: [String] {
        let bytes = Array(path.utf8)
        guard bytes.first == UInt8(ascii: "/") else { return [] }
        var segments: [String] = []
        var start = 1
        while start <= bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.count
            let isLast = end == bytes.count
            switch PercentEncoding.decode(bytes[start..<end]) {
            case ".":
                if isLast { segments.append("") }
            case "..":
                _ = segments.popLast()
                if isLast { segments.append("") }
            case let segment:
                segments.append(segment)
            }
            start = end + 1
        }
        if segments.last == "" { segments.removeLast() }
        return segments
    }

    /// The query's `name=value` pairs in their order, decoded the way forms are encoded
    /// (percent-encoding, and `+` for a space). A name without `=` has an empty value.
    package var queryItems: [(name: String, value: String)] {
        guard let query else { return [] }
        return Array(query.utf8).split(separator: UInt8(ascii: "&")).map { pair in
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
