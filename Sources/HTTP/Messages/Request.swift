/// A request without its body: the request line and the fields.
///
/// A class, because a request goes through many hands: each takes one reference, not all the parts.
package final class RequestHead: Sendable {
    package let method: Method
    package let target: RequestTarget
    package let version: Version
    /// With `Host` replaced by the target's authority where the target is in absolute form, as
    /// RFC 9112 3.2.2 demands: who wants to know which host was meant reads `Host`.
    package let fields: Fields

    package init(
        method: Method, target: RequestTarget, version: Version = .http11, fields: Fields = [:]
    ) {
        self.method = method
        self.target = target
        self.version = version
        self.fields = fields
    }
}

/// A whole request.
package struct Request: Sendable {
    package let head: RequestHead
    /// Without its framing; empty where there is none.
    package let body: [UInt8]
    /// The client's address without its port; empty when it is unknown.
    package let peer: String

    package init(head: RequestHead, body: [UInt8] = [], peer: String = "") {
        self.head = head
        self.body = body
        self.peer = peer
    }

    package var method: Method { head.method }
    package var target: RequestTarget { head.target }
    package var fields: Fields { head.fields }
}
