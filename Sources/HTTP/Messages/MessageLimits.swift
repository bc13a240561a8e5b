/// How much of everything a request may have. Sizes are in bytes.
package struct MessageLimits: Sendable {
    /// Empty lines before a request line. RFC 9112 2.2 asks for at least one, for old clients that
    /// end a body with CR LF too many.
    package var emptyLines = 4
    /// The longest registered method (UPDATEREDIRECTREF) has 17.
    package var methodBytes = 32
    /// RFC 9112 3 asks for request lines of 8,000 at least.
    package var targetBytes = 8000
    /// All header lines together: as much as Node.js takes, and more than browsers send.
    package var headerBytes = 16 * 1024
    /// As many as Apache takes; keeps every walk over the fields short.
    package var fieldCount = 100
    /// A change of credits has some tens, one of the schema up to a MiB of SQL, and JSON writes
    /// quotes and line ends as two; it is kept in memory whole.
    package var bodyBytes = 2 * 1024 * 1024
    /// Of one body together: they are read and thrown away, and nobody sends them.
    package var chunkExtensionBytes = 4096
    /// Fields after a chunked body: they are checked and thrown away.
    package var trailerBytes = 4096
    /// The last of them is answered with `Connection: close`. Connections that never end would stay
    /// with the instance that they found first; once in so many requests a new one costs nothing.
    package var requestsPerConnection = 100_000

    package init() {}
}
