/// Where a server can be reached.
package struct BoundAddress: Hashable, Sendable, CustomStringConvertible {
    /// As it was asked for.
    package let host: String
    /// The real one, also where port 0 was asked for.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    /// As it stands in a URL.
    package var description: String {
        host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
