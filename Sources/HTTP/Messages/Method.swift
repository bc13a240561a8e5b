/// A request's method: a case-sensitive token (RFC 9110 9.1).
///
/// Any token is a method; whether it is one that a resource knows is the router's question.
package struct Method: RawRepresentable, Hashable, Sendable {
    package let rawValue: String

    /// Nil when the text is no token.
    package init?(rawValue: String) {
        guard ByteSet.token.spells(rawValue) else { return nil }
        self.rawValue = rawValue
    }

    /// For the scanner and the table below, which have made sure that it is a token.
    init(token: String) {
        rawValue = token
    }
}

extension Method {
    package static let get = Method(token: "GET")
    package static let head = Method(token: "HEAD")
    package static let post = Method(token: "POST")
    package static let put = Method(token: "PUT")
    package static let patch = Method(token: "PATCH")
    package static let delete = Method(token: "DELETE")
    package static let options = Method(token: "OPTIONS")
    package static let trace = Method(token: "TRACE")
    package static let connect = Method(token: "CONNECT")
}

extension Method {
    /// Asks for no change of anything (RFC 9110 9.2.1).
    package var isSafe: Bool {
        self == .get || self == .head || self == .options || self == .trace
    }
}

extension Method: CustomStringConvertible {
    package var description: String { rawValue }
}
