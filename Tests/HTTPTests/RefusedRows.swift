import HTTP

/// Bytes that are refused, and for what.
struct RefusedRow: CustomStringConvertible, Sendable {
    var name: String
    var section: String
    var text: String
    var error: RequestError

    init(_ name: String, _ section: String, _ text: String, _ error: RequestError) {
        self.name = name
        self.section = section
        self.text = text
        self.error = error
    }

    /// A request that is right but for one line of its head.
    init(line: String, _ section: String, _ error: RequestError) {
        let text = "POST / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n"
        self.init(line.debugDescription, section, text, error)
    }

    /// A request whose first line is wrong.
    init(requestLine: String, _ section: String, _ error: RequestError) {
        self.init(
            requestLine.debugDescription, section, "\(requestLine)\r\nHost: a\r\n\r\n", error)
    }

    /// A chunked request that is right but for its body.
    init(chunks: String, _ section: String, _ error: RequestError) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.init(chunks.debugDescription, section, head + chunks, error)
    }

    var description: String { "\(name) (RFC \(section))" }
    var bytes: [UInt8] { Array(text.utf8) }
}

extension RefusedRow {
    static let all = requestLines + fieldLines + hosts + framings + chunks + limits

    static let requestLines = [
        RefusedRow(requestLine: "", "9112 3", .invalidMethod),
        RefusedRow(requestLine: " GET / HTTP/1.1", "9112 3", .invalidMethod),
        RefusedRow(requestLine: "G@T / HTTP/1.1", "9110 9.1", .invalidMethod),
        RefusedRow(requestLine: "GET\t/ HTTP/1.1", "9112 3", .invalidMethod),
        RefusedRow(requestLine: "\u{16}\u{3}\u{1}", "9112 3", .invalidMethod),
        RefusedRow(requestLine: "GET  / HTTP/1.1", "9112 3", .invalidTarget),
        RefusedRow(requestLine: "GET /a b HTTP/1.1", "9112 3", .invalidVersion),
        RefusedRow(requestLine: "GET /a\u{0}b HTTP/1.1", "9112 3.2", .invalidTarget),
        RefusedRow(requestLine: "GET /ü HTTP/1.1", "3986 2", .invalidTarget),
        RefusedRow(requestLine: "GET /a#b HTTP/1.1", "9112 3.2", .invalidTarget),
        RefusedRow(requestLine: "GET /<x> HTTP/1.1", "3986 2", .invalidTarget),
        RefusedRow(requestLine: "GET /%4 HTTP/1.1", "3986 2.1", .invalidTarget),
        RefusedRow(requestLine: "GET /%xy HTTP/1.1", "3986 2.1", .invalidTarget),
        RefusedRow(requestLine: "GET a/b HTTP/1.1", "9112 3.2", .invalidTarget),
        RefusedRow(requestLine: "GET ftp://a/b HTTP/1.1", "9112 3.2.2", .invalidTarget),
        RefusedRow(requestLine: "GET http:///b HTTP/1.1", "9110 4.2.1", .invalidTarget),
        RefusedRow(requestLine: "GET http://u@a/b HTTP/1.1", "9110 4.2.4", .invalidTarget),
        RefusedRow(requestLine: "GET * HTTP/1.1", "9112 3.2.4", .unsuitableTarget),
        RefusedRow(requestLine: "CONNECT / HTTP/1.1", "9112 3.2.3", .unsuitableTarget),
        RefusedRow(requestLine: "CONNECT a HTTP/1.1", "9112 3.2.3", .unsuitableTarget),
        RefusedRow(requestLine: "GET /", "9112 3", .invalidTarget),
        RefusedRow(requestLine: "GET / ", "9112 3", .invalidVersion),
        RefusedRow(requestLine: "GET / HTTP/1", "9112 2.3", .invalidVersion),
        RefusedRow(requestLine: "GET / http/1.1", "9112 2.3", .invalidVersion),
        RefusedRow(requestLine: "GET / HTTP/1.10", "9112 2.3", .invalidVersion),
        RefusedRow(requestLine: "GET / HTTP/1.1 ", "9112 3", .invalidVersion),
        RefusedRow(requestLine: "GET / HTTP/0.9", "9110 15.6.6", .unsupportedVersion),
        RefusedRow(requestLine: "PRI * HTTP/2.0", "9113 3.4", .unsupportedVersion),
    ]

    static let fieldLines = [
        RefusedRow(line: "X : y", "9112 5.1", .invalidFieldName),
        RefusedRow(line: "X\t: y", "9112 5.1", .invalidFieldName),
        RefusedRow(line: ": y", "9110 5.1", .invalidFieldName),
        RefusedRow(line: "no colon", "9112 5", .invalidFieldName),
        RefusedRow(line: "X", "9112 5", .invalidFieldName),
        RefusedRow(line: "X(y): z", "9110 5.1", .invalidFieldName),
        RefusedRow(line: "Ü: y", "9110 5.1", .invalidFieldName),
        RefusedRow(line: "X\u{0}: y", "9110 5.1", .invalidFieldName),
        RefusedRow(line: "X: a\u{0}b", "9110 5.5", .invalidFieldValue),
        RefusedRow(line: "X: a\u{7F}b", "9110 5.5", .invalidFieldValue),
        RefusedRow(line: "X: a\u{B}b", "9110 5.5", .invalidFieldValue),
        RefusedRow(line: "X: a\r\n folded", "9112 5.2", .foldedField),
        RefusedRow(line: "X: a\r\n\tfolded", "9112 5.2", .foldedField),
        RefusedRow(
            "white space before the first field", "9112 2.2",
            "GET / HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n", .foldedField),
        RefusedRow(line: "X: a\nY: b", "9112 2.2", .invalidLineEnd),
        RefusedRow(line: "X: a\rY: b", "9112 2.2", .invalidLineEnd),
        RefusedRow(line: "X: a\r\r\nY: b", "9112 2.2", .invalidLineEnd),
        RefusedRow(line: "\nX: b", "9112 2.2", .invalidLineEnd),
        RefusedRow(
            "a bare line feed after the request line", "9112 2.2",
            "GET / HTTP/1.1\nHost: a\r\n\r\n", .invalidLineEnd),
        RefusedRow(
            "a bare line feed before the request line", "9112 2.2",
            "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidLineEnd),
        RefusedRow(
            "a bare line feed for the empty line", "9112 2.2",
            "GET / HTTP/1.1\r\nHost: a\r\n\n", .invalidLineEnd),
    ]

    static let hosts = [
        RefusedRow("no Host", "9112 3.2", "GET / HTTP/1.1\r\n\r\n", .missingHost),
        RefusedRow(line: "Host: a", "9112 3.2", .repeatedHost),
        RefusedRow(host: "", "9110 4.2.1", .invalidHost),
        RefusedRow(host: "a b", "9110 7.2", .invalidHost),
        RefusedRow(host: "a/b", "9110 7.2", .invalidHost),
        RefusedRow(host: "user@a", "9110 4.2.4", .invalidHost),
        RefusedRow(host: "a:b", "3986 3.2.3", .invalidHost),
        RefusedRow(host: "a:123456", "3986 3.2.3", .invalidHost),
        RefusedRow(host: ":80", "9110 4.2.1", .invalidHost),
        RefusedRow(host: "[::1", "3986 3.2.2", .invalidHost),
        RefusedRow(host: "[]", "3986 3.2.2", .invalidHost),
        RefusedRow(host: "[::1]x", "3986 3.2.2", .invalidHost),
        RefusedRow(host: "ü", "3986 3.2.2", .invalidHost),
    ]

    private init(host: String, _ section: String, _ error: RequestError) {
        self.init(
            "Host: \(host)".debugDescription, section,
            "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", error)
    }

    static let framings = [
        RefusedRow(line: "Content-Length: -1", "9110 8.6", .invalidContentLength),
        RefusedRow(line: "Content-Length: +1", "9110 8.6", .invalidContentLength),
        RefusedRow(line: "Content-Length: 0x1", "9110 8.6", .invalidContentLength),
        RefusedRow(line: "Content-Length: 1 1", "9110 8.6", .invalidContentLength),
        RefusedRow(line: "Content-Length:", "9110 8.6", .invalidContentLength),
        RefusedRow(line: "Content-Length: 1,", "9110 8.6", .invalidContentLength),
        RefusedRow(line: "Content-Length: ١", "9110 8.6", .invalidContentLength),
        RefusedRow(line: "Content-Length: 1, 2", "9112 6.3", .conflictingContentLengths),
        RefusedRow(line: "Content-Length: 33", "9110 15.5.14", .bodyTooLarge),
        RefusedRow(line: "Content-Length: 18446744073709551617", "9110 8.6", .bodyTooLarge),
        RefusedRow(line: "Transfer-Encoding: gzip", "9112 6.1", .unsupportedTransferCoding),
        RefusedRow(line: "Transfer-Encoding: identity", "9112 6.1", .unsupportedTransferCoding),
        RefusedRow(
            line: "Transfer-Encoding: gzip, chunked", "9112 6.1", .unsupportedTransferCoding),
        RefusedRow(line: "Transfer-Encoding:", "9112 6.1", .invalidTransferEncoding),
        RefusedRow(line: "Expect: a-pony", "9110 10.1.1", .unsupportedExpectation),
        RefusedRow(line: "Expect: 100-continue, x", "9110 10.1.1", .unsupportedExpectation),
    ]

    static let chunks = [
        RefusedRow(chunks: "\r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: "g\r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: "-1\r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: "0x1\r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: " 1\r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: "1 \r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: "1 1\r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: "1;a\u{0}\r\n", "9112 7.1.1", .invalidChunkSize),
        RefusedRow(chunks: "00000000000000001\r\n", "9112 7.1", .invalidChunkSize),
        RefusedRow(chunks: "1\nx\r\n", "9112 7.1", .invalidLineEnd),
        RefusedRow(chunks: "1;\nx\r\n", "9112 7.1.1", .invalidLineEnd),
        RefusedRow(chunks: "1\rx\r\n", "9112 7.1", .invalidLineEnd),
        RefusedRow(chunks: "1\r\nxy\r\n", "9112 7.1", .invalidChunkEnd),
        RefusedRow(chunks: "1\r\nx\n0\r\n\r\n", "9112 7.1", .invalidChunkEnd),
        RefusedRow(chunks: "1\r\nx\r0\r\n\r\n", "9112 7.1", .invalidChunkEnd),
        RefusedRow(chunks: "0\r\nX : y\r\n\r\n", "9112 7.1.2", .invalidFieldName),
        RefusedRow(chunks: "0\r\n folded\r\n\r\n", "9112 7.1.2", .foldedField),
        RefusedRow(chunks: "0\r\nX: y\n\r\n", "9112 7.1.2", .invalidLineEnd),
    ]

    static let limits = [
        RefusedRow(
            "one empty line too many", "9112 2.2",
            "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .tooManyEmptyLines),
        RefusedRow(requestLine: "ABCDEFGHI / HTTP/1.1", "9112 3", .methodTooLong),
        RefusedRow(
            requestLine: "GET /\(String(repeating: "x", count: 40)) HTTP/1.1", "9112 3",
            .targetTooLong),
        RefusedRow(line: "A:1\r\nB:2\r\nC:3\r\nD:4\r\nE:5\r\nF:6", "9110 5.4", .tooManyFields),
        RefusedRow(
            line: "X: \(String(repeating: "x", count: 200))", "9110 5.4", .fieldsTooLarge),
        RefusedRow(line: String(repeating: "x", count: 200), "9110 5.4", .fieldsTooLarge),
        RefusedRow(chunks: "21\r\n", "9110 15.5.14", .bodyTooLarge),
        RefusedRow(
            chunks: "10\r\n0123456789abcdef\r\n11\r\n", "9110 15.5.14", .bodyTooLarge),
        RefusedRow(chunks: "FFFFFFFFFFFFFFFF\r\n", "9112 7.1", .bodyTooLarge),
        RefusedRow(
            chunks: "1;01234567\r\nx\r\n1;0123456\r\nx\r\n", "9112 7.1.1",
            .chunkExtensionsTooLarge),
        RefusedRow(
            chunks: "0\r\nX: \(String(repeating: "x", count: 40))\r\n\r\n", "9112 7.1.2",
            .fieldsTooLarge),
    ]
}
