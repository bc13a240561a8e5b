/// A request without its body: the request line and the fields.
package struct RequestHead: Sendable {
    package var method: Method
    package var target: RequestTarget
    package var version: Version
    /// With `Host` replaced by the target's authority where the target is in absolute form, as
    /// RFC 9112 3.2.2 demands: who wants to know which host was meant reads `Host`.
    package var fields: Fields

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
    package var head: RequestHead
    /// Without its framing; empty where there is none.
    package var body: [UInt8]
    /// The client's address without its port; empty when it is unknown.
    package var peer: String

    package init(head: RequestHead, body: [UInt8] = [], peer: String = "") {
        self.head = head
        self.body = body
        self.peer = peer
    }

    package var method: Method { head.method }
    package var target: RequestTarget { head.target }
    package var fields: Fields { head.fields }
}
