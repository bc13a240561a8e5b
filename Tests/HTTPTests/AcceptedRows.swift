/// A request that is taken: its bytes, and how `Reading` writes it down.
struct AcceptedRow: Row {
    var section: String
    var name: String
    var text: String
    var reading: String

    init(_ section: String, _ name: String, _ text: String, _ reading: String) {
        self.section = section
        self.name = name
        self.text = text
        self.reading = reading
    }

    /// A head whose first line is what matters.
    init(_ section: String, _ name: String, requestLine: String) {
        self.init(
            section, name, "\(requestLine)\r\nHost: a\r\n\r\n", "\(requestLine) [Host: a]")
    }

    /// A head with one more line, and how that is read.
    init(_ section: String, _ name: String, line: String, _ field: String, _ end: String = "") {
        self.init(
            section, name, "POST / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, \(field)]\(end)")
    }

    /// A chunked request, and what its chunks hold.
    init(_ section: String, _ name: String, chunks: String, _ body: String) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.init(
            section, name, head + chunks,
            "POST / HTTP/1.1 [Host: a, Transfer-Encoding: chunked]\(body)")
    }

    init(_ section: String, _ name: String, host: String) {
        self.init(
            section, name, "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n",
            "GET / HTTP/1.1 [Host: \(host)]")
    }
}

extension AcceptedRow {
    static let all =
        targets + methods + versions + hosts + fieldLines + bodies + chunks + connections
        + expectations

    static let targets = [
        AcceptedRow("9112 3", "the least request", requestLine: "GET / HTTP/1.1"),
        AcceptedRow(
            "9112 2.2", "empty lines before it", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1 [Host: a]"),
        AcceptedRow(
            "9112 3.2.1", "the origin form", requestLine: "GET /a%20b?x=1&y=%7e/? HTTP/1.1"),
        AcceptedRow(
            "9112 3.2.1", "empty segments", requestLine: "GET //a//b/ HTTP/1.1"),
        AcceptedRow(
            "3986 3.3", "every character of a path",
            requestLine: "GET /-._~!$&'()*+,;=:@%41 HTTP/1.1"),
        AcceptedRow(
            "3986 3.4", "every character of a query",
            requestLine: "GET /?-._~!$&'()*+,;=:@%41/? HTTP/1.1"),
        AcceptedRow(
            "3986 2.1", "any octet, percent-encoded", requestLine: "GET /%00%2F%0d%0A%fF HTTP/1.1"),
        AcceptedRow(
            "3986 5.2.4", "dot segments, which are left for later",
            requestLine: "GET /a/../%2e%2E/./b HTTP/1.1"),
        AcceptedRow(
            "9112 3.2.2", "the absolute form, whose host counts",
            "GET http://b:80/c HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
            "GET http://b:80/c HTTP/1.1 [X: y, Host: b:80]"),
        AcceptedRow(
            "9112 3.2.2", "the absolute form without a path",
            "GET http://b?x HTTP/1.1\r\nHost: b\r\n\r\n", "GET http://b?x HTTP/1.1 [Host: b]"),
        AcceptedRow(
            "9112 3.2.2", "the absolute form in HTTP/1.0", "GET http://b/ HTTP/1.0\r\n\r\n",
            "GET http://b/ HTTP/1.0 [Host: b] close"),
        AcceptedRow(
            "3986 3.1", "a scheme in capitals", "GET HTTP://B/ HTTP/1.1\r\nHost: b\r\n\r\n",
            "GET HTTP://B/ HTTP/1.1 [Host: B]"),
        AcceptedRow(
            "9112 3.2.3", "the authority form", requestLine: "CONNECT a:443 HTTP/1.1"),
        AcceptedRow(
            "9110 9.3.6", "the authority form with an address",
            requestLine: "CONNECT [::1]:65535 HTTP/1.1"),
        AcceptedRow("9112 3.2.4", "the asterisk form", requestLine: "OPTIONS * HTTP/1.1"),
        AcceptedRow(
            "9110 4.1", "a target as long as allowed",
            requestLine: "GET /\(String(repeating: "x", count: 39)) HTTP/1.1"),
    ]

    static let methods = [
        AcceptedRow("9110 9.1", "a method nobody knows", requestLine: "B!~ / HTTP/1.1"),
        AcceptedRow("9110 9.1", "a method in small letters", requestLine: "get / HTTP/1.1"),
        AcceptedRow("9110 9.3.2", "HEAD", requestLine: "HEAD / HTTP/1.1"),
        AcceptedRow("9110 9.3.7", "OPTIONS of a path", requestLine: "OPTIONS /a HTTP/1.1"),
        AcceptedRow("9110 9.3.8", "TRACE", requestLine: "TRACE / HTTP/1.1"),
        AcceptedRow(
            "9112 3", "a method as long as allowed", requestLine: "ABCDEFGH / HTTP/1.1"),
    ]

    static let versions = [
        AcceptedRow(
            "9112 3.2", "HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.0 [] close"),
        AcceptedRow(
            "9112 2.3", "HTTP/1.0 with Host", "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.0 [Host: a] close"),
        AcceptedRow("9110 6.2", "a minor version to come", requestLine: "GET / HTTP/1.2"),
        AcceptedRow("9110 6.2", "the last minor version", requestLine: "GET / HTTP/1.9"),
    ]

    static let hosts = [
        AcceptedRow("9110 7.2", "a port", host: "a:8000"),
        AcceptedRow("3986 3.2.3", "an empty port", host: "a:"),
        AcceptedRow("3986 3.2.3", "the last port", host: "a:65535"),
        AcceptedRow("3986 3.2.2", "an IPv4 address", host: "127.0.0.1:80"),
        AcceptedRow("3986 3.2.2", "an IPv6 address", host: "[2001:DB8::8:800:200c:417a]:80"),
        AcceptedRow("3986 3.2.2", "the shortest IPv6 address", host: "[::]"),
        AcceptedRow("3986 3.2.2", "the loopback address", host: "[::1]"),
        AcceptedRow("3986 3.2.2", "an IPv6 address in full", host: "[1:2:3:4:5:6:7:8]"),
        AcceptedRow("3986 3.2.2", "zeros left out at the end", host: "[1:2:3:4:5:6:7::]"),
        AcceptedRow("3986 3.2.2", "IPv4 within IPv6", host: "[::ffff:192.0.2.255]"),
        AcceptedRow("3986 3.2.2", "IPv4 after six groups", host: "[1:2:3:4:5:6:192.0.2.0]"),
        AcceptedRow("3986 3.2.2", "an address of a version to come", host: "[v1F.a:b]"),
        AcceptedRow(
            "3986 3.2.2", "every character of a name but the comma", host: "%41-._~!$&'()*+;=Z9"),
    ]

    static let fieldLines = [
        AcceptedRow("9112 5.1", "white space around a value", line: "X:\t a \t", "X: a"),
        AcceptedRow("9112 5.1", "no white space before a value", line: "X:a", "X: a"),
        AcceptedRow("9110 5.5", "white space within a value", line: "X: a \t b", "X: a \t b"),
        AcceptedRow("9110 5.5", "an empty value", line: "X:\r\nY: \t", "X: , Y: "),
        AcceptedRow("9110 5.5", "text beyond ASCII in a value", line: "X: ü", "X: ü"),
        AcceptedRow("9112 5", "a colon in a value", line: "X: :a:", "X: :a:"),
        AcceptedRow(
            "9110 5.6.2", "every token character in a name", line: "!#$%&'*+-.^_`|~0Az: b",
            "!#$%&'*+-.^_`|~0Az: b"),
        AcceptedRow(
            "9110 5.1", "names in any case",
            "POST / HTTP/1.1\r\nhOST: a\r\nCONTENT-LENGTH: 1\r\n\r\nx",
            "POST / HTTP/1.1 [hOST: a, CONTENT-LENGTH: 1] x"),
        AcceptedRow(
            "9110 5.1", "names that nearly are one",
            line: "Content_Length: 9\r\nTransfer_Encoding: chunked\r\nX-Host: b",
            "Content_Length: 9, Transfer_Encoding: chunked, X-Host: b"),
        AcceptedRow("9110 5.3", "a name twice, in order", line: "X: 2\r\nx: 1", "X: 2, x: 1"),
        AcceptedRow(
            "9110 5.4", "as many fields as allowed", line: "A:1\r\nB:2\r\nC:3\r\nD:4\r\nE:5",
            "A: 1, B: 2, C: 3, D: 4, E: 5"),
        AcceptedRow(
            "9110 7.6.2", "Max-Forwards, which is for proxies", line: "Max-Forwards: 0",
            "Max-Forwards: 0"),
        AcceptedRow(
            "9110 5.3", "the order of all names", line: "B: 1\r\nA: 2\r\nC: 3", "B: 1, A: 2, C: 3"),
        AcceptedRow("9110 14.2", "Range, ignored", line: "Range: bytes=0-", "Range: bytes=0-"),
        AcceptedRow("9110 10.1.4", "TE, ignored", line: "TE: trailers", "TE: trailers"),
    ]
}
