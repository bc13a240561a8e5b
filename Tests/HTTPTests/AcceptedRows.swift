/// A request that is taken: its bytes, and how `Reading` writes it down.
struct AcceptedRow: CustomStringConvertible, Sendable {
    var name: String
    var section: String
    var text: String
    var reading: String

    init(_ name: String, _ section: String, _ text: String, _ reading: String) {
        self.name = name
        self.section = section
        self.text = text
        self.reading = reading
    }

    var description: String { "\(name) (RFC \(section))" }
    var bytes: [UInt8] { Array(text.utf8) }
}

extension AcceptedRow {
    static let all = requestLines + fieldLines + bodies + connections

    static let requestLines = [
        AcceptedRow(
            "the least request", "9112 3", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1 [Host: a]"),
        AcceptedRow(
            "HTTP/1.0 without Host", "9112 3.2", "GET / HTTP/1.0\r\n\r\n",
            "GET / HTTP/1.0 [] close"),
        AcceptedRow(
            "a minor version to come", "9110 2.5", "GET / HTTP/1.9\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.9 [Host: a]"),
        AcceptedRow(
            "a method nobody knows", "9110 9.1", "get!~ / HTTP/1.1\r\nHost: a\r\n\r\n",
            "get!~ / HTTP/1.1 [Host: a]"),
        AcceptedRow(
            "empty lines before it", "9112 2.2", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1 [Host: a]"),
        AcceptedRow(
            "a query", "9112 3.2.1", "GET /a%20b?x=1&y=%7e HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a%20b?x=1&y=%7e HTTP/1.1 [Host: a]"),
        AcceptedRow(
            "the absolute form, whose host counts", "9112 3.2.2",
            "GET http://b:80/c HTTP/1.1\r\nHost: a\r\nX: y\r\n\r\n",
            "GET http://b:80/c HTTP/1.1 [X: y, Host: b:80]"),
        AcceptedRow(
            "the authority form", "9112 3.2.3", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
            "CONNECT a:443 HTTP/1.1 [Host: a:443]"),
        AcceptedRow(
            "the asterisk form", "9112 3.2.4", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "OPTIONS * HTTP/1.1 [Host: a]"),
        AcceptedRow(
            "a target as long as allowed", "9110 4.1",
            "GET /\(String(repeating: "x", count: 39)) HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\(String(repeating: "x", count: 39)) HTTP/1.1 [Host: a]"),
        AcceptedRow(
            "a method as long as allowed", "9110 9.1", "ABCDEFGH / HTTP/1.1\r\nHost: a\r\n\r\n",
            "ABCDEFGH / HTTP/1.1 [Host: a]"),
    ]

    static let fieldLines = [
        AcceptedRow(
            "white space around a value", "9112 5.1",
            "GET / HTTP/1.1\r\nHost:\t a \t\r\nX:y\r\n\r\n", "GET / HTTP/1.1 [Host: a, X: y]"),
        AcceptedRow(
            "an empty value", "9110 5.5", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\nY:  \r\n\r\n",
            "GET / HTTP/1.1 [Host: a, X: , Y: ]"),
        AcceptedRow(
            "every token character in a name", "9110 5.6.2",
            "GET / HTTP/1.1\r\nHost: a\r\n!#$%&'*+-.^_`|~0Az: b\r\n\r\n",
            "GET / HTTP/1.1 [Host: a, !#$%&'*+-.^_`|~0Az: b]"),
        AcceptedRow(
            "text beyond ASCII in a value", "9110 5.5",
            "GET / HTTP/1.1\r\nHost: a\r\nX: ü\r\n\r\n", "GET / HTTP/1.1 [Host: a, X: ü]"),
        AcceptedRow(
            "a colon in a value", "9112 5", "GET / HTTP/1.1\r\nHOST: a:80\r\nX: :\r\n\r\n",
            "GET / HTTP/1.1 [HOST: a:80, X: :]"),
        AcceptedRow(
            "an address for a host", "9110 7.2", "GET / HTTP/1.1\r\nHost: [::1]:8000\r\n\r\n",
            "GET / HTTP/1.1 [Host: [::1]:8000]"),
        AcceptedRow(
            "as many fields as allowed", "9110 5.4",
            "GET / HTTP/1.1\r\nHost: a\r\nA:1\r\nB:2\r\nC:3\r\nD:4\r\nE:5\r\n\r\n",
            "GET / HTTP/1.1 [Host: a, A: 1, B: 2, C: 3, D: 4, E: 5]"),
    ]

    static let bodies = [
        AcceptedRow(
            "a length", "9112 6.2", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST / HTTP/1.1 [Host: a, Content-Length: 5] hello"),
        AcceptedRow(
            "a length of zero", "9112 6.2",
            "POST / HTTP/1.1\r\nHost: a\r\ncontent-length: 00\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, content-length: 00]"),
        AcceptedRow(
            "one length said often", "9110 8.6",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2, 2\r\nContent-Length: 2\r\n\r\nhi",
            "POST / HTTP/1.1 [Host: a, Content-Length: 2, 2, Content-Length: 2] hi"),
        AcceptedRow(
            "a body that reads like a request", "9112 6",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18\r\n\r\nGET / HTTP/1.1\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, Content-Length: 18] GET / HTTP/1.1\r\n\r\n"),
        AcceptedRow(
            "chunks", "9112 7.1",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "5\r\nhello\r\n0B\r\n, my world!\r\n0\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, Transfer-Encoding: Chunked] hello, my world!"),
        AcceptedRow(
            "no chunk at all", "9112 7.1",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n000\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, Transfer-Encoding: chunked]"),
        AcceptedRow(
            "chunk extensions", "9112 7.1.1",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2;a=b\r\nhi\r\n0 ;c=\"d;\"\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, Transfer-Encoding: chunked] hi"),
        AcceptedRow(
            "trailers, which are dropped", "9112 7.1.2",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "2\r\nhi\r\n0\r\nHost: b\r\nX: y\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, Transfer-Encoding: chunked] hi"),
        AcceptedRow(
            "a body as large as allowed", "9110 15.5.14",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "20\r\n\(String(repeating: "x", count: 32))\r\n0\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, Transfer-Encoding: chunked] "
                + String(repeating: "x", count: 32)),
        AcceptedRow(
            "a body with GET", "9110 9.3.1",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\nx",
            "GET / HTTP/1.1 [Host: a, Content-Length: 1] x"),
    ]

    static let connections = [
        AcceptedRow(
            "close", "9112 9.6", "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n",
            "GET / HTTP/1.1 [Host: a, Connection: x, Close] close"),
        AcceptedRow(
            "keep-alive in HTTP/1.0", "9112 9.3",
            "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
            "GET / HTTP/1.0 [Connection: Keep-Alive]"),
        AcceptedRow(
            "close, which wins over keep-alive", "9112 9.3",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1 [Host: a, Connection: keep-alive, Connection: close] close"),
        AcceptedRow(
            "an expectation", "9110 10.1.1",
            "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
            "PUT / HTTP/1.1 [Host: a, Expect: 100-Continue, Content-Length: 1] continue? x"),
        AcceptedRow(
            "an expectation of HTTP/1.0, ignored", "9110 10.1.1",
            "PUT / HTTP/1.0\r\nExpect: a-pony\r\n\r\n", "PUT / HTTP/1.0 [Expect: a-pony] close"),
    ]
}
