extension AcceptedRow {
    /// What a body holds that wants to be a request: thirty-one bytes.
    static let smuggled = "GET /smug HTTP/1.1\r\nHost: s\r\n\r\n"

    static let bodies = [
        AcceptedRow(
            "9112 6.2", "a length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST / HTTP/1.1 [Host: a, Content-Length: 5] hello"),
        AcceptedRow(
            "9112 5.1", "white space around a length",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\t 10 \t\r\n\r\n0123456789",
            "POST / HTTP/1.1 [Host: a, Content-Length: 10] 0123456789"),
        AcceptedRow("9112 6.2", "a length of zero", line: "Content-Length: 0", "Content-Length: 0"),
        AcceptedRow("9112 6.3", "no length, no body", requestLine: "POST / HTTP/1.1"),
        AcceptedRow(
            "9112 6.3", "a length in HTTP/1.0",
            "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi",
            "POST / HTTP/1.0 [Content-Length: 2] close hi"),
        AcceptedRow(
            "9112 6.3", "a body that is a request, by its length",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 31\r\n\r\n\(smuggled)",
            "POST / HTTP/1.1 [Host: a, Content-Length: 31] \(smuggled)"),
        bodied("GET", "9110 9.3.1"), bodied("HEAD", "9110 9.3.2"),
        bodied("DELETE", "9110 9.3.5"), bodied("OPTIONS", "9110 9.3.7"),
        bodied("TRACE", "9110 9.3.8"),
        AcceptedRow(
            "9110 9.3.6", "CONNECT with a body",
            "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nContent-Length: 1\r\n\r\nG",
            "CONNECT a:1 HTTP/1.1 [Host: a:1, Content-Length: 1] G"),
        AcceptedRow(
            "9110 15.5.14", "a body as large as allowed",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 32\r\n\r\n"
                + String(repeating: "x", count: 32),
            "POST / HTTP/1.1 [Host: a, Content-Length: 32] " + String(repeating: "x", count: 32)),
    ]

    /// A method whose content means nothing: it is read all the same, and is no request.
    private static func bodied(_ method: String, _ section: String) -> AcceptedRow {
        AcceptedRow(
            section, "\(method) with a body",
            "\(method) / HTTP/1.1\r\nHost: a\r\nContent-Length: 16\r\n\r\nGET / HTTP/1.1\r\n",
            "\(method) / HTTP/1.1 [Host: a, Content-Length: 16] GET / HTTP/1.1\r\n")
    }

    static let chunks = [
        AcceptedRow(
            "9112 7.1", "chunks", chunks: "5\r\nhello\r\n0B\r\n, my world!\r\n0\r\n\r\n",
            " hello, my world!"),
        AcceptedRow("9112 7.1", "no chunk at all", chunks: "000\r\n\r\n", ""),
        AcceptedRow(
            "9112 7.1", "sixteen digits", chunks: "0000000000000002\r\nhi\r\n0\r\n\r\n", " hi"),
        AcceptedRow(
            "9112 7.1", "digits in either case",
            chunks: "a\r\n0123456789\r\nA\r\n0123456789\r\n0"
                + "\r\n\r\n", " 01234567890123456789"),
        AcceptedRow(
            "9112 7.1", "data that looks like an end",
            chunks: "9\r\n\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", " \r\n0\r\n\r\n\r\n"),
        AcceptedRow(
            "9112 7.1", "data that is a request", chunks: "1F\r\n\(smuggled)\r\n0\r\n\r\n",
            " \(smuggled)"),
        AcceptedRow(
            "9112 6.1", "the coding in any case",
            "POST / HTTP/1.1\r\nHost: a\r\ntransfer-encoding:\tCHUNKED\t\r\n\r\n1\r\nx\r\n0"
                + "\r\n\r\n", "POST / HTTP/1.1 [Host: a, transfer-encoding: CHUNKED] x"),
        AcceptedRow(
            "9112 6.1", "chunks with GET",
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
            "GET / HTTP/1.1 [Host: a, Transfer-Encoding: chunked] x"),
        AcceptedRow(
            "9112 7.1.1", "an extension", chunks: "2;a\r\nhi\r\n0;b=c\r\n\r\n", " hi"),
        AcceptedRow(
            "9112 7.1.1", "a quoted extension", chunks: "2;a=\";\\\"\\ü\"\r\nhi\r\n0\r\n\r\n",
            " hi"),
        AcceptedRow(
            "9110 5.6.3", "bad white space in extensions",
            chunks: "2 ; a\t=\tb ;c\r\nhi\r\n0\r\n\r\n", " hi"),
        AcceptedRow(
            "9112 7.1.2", "trailers, which are dropped",
            chunks: "2\r\nhi\r\n0\r\nX: y\r\nZ:\r\n\r\n", " hi"),
        AcceptedRow(
            "9110 6.5.1", "Host and a length as trailers, which mean nothing",
            chunks: "1\r\nx\r\n0\r\nHost: b\r\nContent-Length: 9\r\n\r\n", " x"),
        AcceptedRow(
            "9110 6.5.1", "a coding as a trailer, which means nothing",
            chunks: "1\r\nx\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", " x"),
        AcceptedRow(
            "9110 15.5.14", "chunks as large as allowed",
            chunks: "20\r\n\(String(repeating: "x", count: 32))\r\n0\r\n\r\n",
            " " + String(repeating: "x", count: 32)),
    ]

    static let connections = [
        AcceptedRow(
            "9112 9.6", "close", line: "Connection: x, Close", "Connection: x, Close", " close"),
        AcceptedRow(
            "9112 9.3", "close, which wins over keep-alive",
            line: "Connection: keep-alive\r\nConnection: close",
            "Connection: keep-alive, Connection: close", " close"),
        AcceptedRow(
            "9110 5.6.1.2", "empty members", line: "Connection: ,\t, close,",
            "Connection: ,\t, close,", " close"),
        AcceptedRow(
            "9112 9.3", "keep-alive in HTTP/1.0",
            "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
            "GET / HTTP/1.0 [Connection: Keep-Alive]"),
        AcceptedRow(
            "9112 9.3", "close in HTTP/1.0",
            "GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
            "GET / HTTP/1.0 [Connection: keep-alive, close] close"),
        AcceptedRow(
            "9110 7.6.1", "options that are not close", line: "Connection: closed, \"close\", clos",
            "Connection: closed, \"close\", clos"),
        AcceptedRow(
            "9110 7.6.1", "an option that names the length, which still counts",
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Content-Length\r\n"
                + "Content-Length: 2\r\n\r\nhi",
            "POST / HTTP/1.1 [Host: a, Connection: Content-Length, Content-Length: 2] hi"),
        AcceptedRow(
            "9110 7.6.1", "an option that names the coding, which still counts",
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: Transfer-Encoding\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "POST / HTTP/1.1 [Host: a, Connection: Transfer-Encoding, Transfer-Encoding: chunked]"),
        AcceptedRow(
            "9110 7.8", "an upgrade, ignored",
            line: "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAA",
            "Connection: Upgrade, HTTP2-Settings, Upgrade: h2c, HTTP2-Settings: AAMAAA"),
        AcceptedRow(
            "9110 7.8", "an upgrade in HTTP/1.0, ignored",
            "GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            "GET / HTTP/1.0 [Connection: Upgrade, Upgrade: h2c] close"),
    ]

    static let expectations = [
        AcceptedRow(
            "9110 10.1.1", "an expectation",
            "PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
            "PUT / HTTP/1.1 [Host: a, Expect: 100-Continue, Content-Length: 1] continue? x"),
        AcceptedRow(
            "9110 10.1.1", "an expectation without a body",
            line: "Expect: 100-continue\r\nContent-Length: 0",
            "Expect: 100-continue, Content-Length: 0", " continue?"),
        AcceptedRow(
            "9110 10.1.1", "an expectation twice",
            line: "Expect: 100-continue\r\nExpect: 100-continue",
            "Expect: 100-continue, Expect: 100-continue", " continue?"),
        AcceptedRow(
            "9110 5.6.1.2", "an expectation among empty members",
            line: "Expect: , 100-continue,", "Expect: , 100-continue,", " continue?"),
        AcceptedRow("9110 5.6.1.2", "no expectation", line: "Expect:", "Expect: "),
        AcceptedRow(
            "9110 10.1.1", "an expectation in HTTP/1.0, ignored",
            "PUT / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
            "PUT / HTTP/1.0 [Expect: 100-continue, Content-Length: 1] close x"),
    ]
}
