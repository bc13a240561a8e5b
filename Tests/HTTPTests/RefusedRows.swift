import HTTP

/// Bytes that are refused, and for what.
struct RefusedRow: Row {
    var section: String
    var name: String
    var text: String
    var error: RequestError

    init(_ section: String, _ name: String, _ text: String, _ error: RequestError) {
        self.section = section
        self.name = name
        self.text = text
        self.error = error
    }

    /// A request that is right but for one line of its head.
    init(_ section: String, line: String, _ error: RequestError, _ name: String = "") {
        let text = "POST / HTTP/1.1\r\nHost: a\r\n\(line)\r\n\r\n"
        self.init(section, Self.title(name, line), text, error)
    }

    /// A request whose first line is wrong.
    init(_ section: String, requestLine: String, _ error: RequestError) {
        self.init(
            section, requestLine.debugDescription, "\(requestLine)\r\nHost: a\r\n\r\n", error)
    }

    /// A chunked request that is right but for its body.
    init(_ section: String, chunks: String, _ error: RequestError, _ name: String = "") {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.init(section, Self.title(name, chunks), head + chunks, error)
    }

    init(_ section: String, host: String) {
        self.init(
            section, "Host: \(host)".debugDescription,
            "GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n", .invalidHost)
    }

    private static func title(_ name: String, _ bytes: String) -> String {
        name.isEmpty ? bytes.debugDescription : "\(name): \(bytes.debugDescription)"
    }
}

extension RefusedRow {
    static let all =
        requestLines + targets + versions + fieldNames + fieldValues + lineEnds + hosts + lengths
        + codings + expectations + chunks + limits + smuggling + funkyChunks

    static let requestLines = [
        RefusedRow("9112 3", requestLine: "", .invalidMethod),
        RefusedRow("9112 3", requestLine: " ", .invalidMethod),
        RefusedRow("9112 3", requestLine: " GET / HTTP/1.1", .invalidMethod),
        RefusedRow("9112 3", requestLine: "\tGET / HTTP/1.1", .invalidMethod),
        RefusedRow("9112 3", requestLine: "GET\t/ HTTP/1.1", .invalidMethod),
        RefusedRow("9112 3", requestLine: "GET\u{B}/ HTTP/1.1", .invalidMethod),
        RefusedRow("9112 3", requestLine: "GET\u{0}/ HTTP/1.1", .invalidMethod),
        RefusedRow("9112 3", requestLine: "GET", .invalidMethod),
        RefusedRow("9112 3", requestLine: "G@T / HTTP/1.1", .invalidMethod),
        RefusedRow("9110 9.1", requestLine: "GÉT / HTTP/1.1", .invalidMethod),
        RefusedRow("9110 9.1", requestLine: "GET: / HTTP/1.1", .invalidMethod),
        RefusedRow("9112 3", requestLine: "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}", .invalidMethod),
        RefusedRow("9112 3", requestLine: "HTTP/1.1 200 OK", .invalidMethod),
        RefusedRow("9112 3", requestLine: "GET  / HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3", requestLine: "GET /\tHTTP/1.1", .invalidTarget),
        RefusedRow("9112 3", requestLine: "GET /", .invalidTarget),
        RefusedRow("9112 3", requestLine: "GET / ", .invalidVersion),
        RefusedRow("9112 3", requestLine: "GET /  HTTP/1.1", .invalidVersion),
        RefusedRow("9112 3", requestLine: "GET / HTTP/1.1 ", .invalidVersion),
        RefusedRow("9112 3", requestLine: "GET / HTTP/1.1\t", .invalidVersion),
        RefusedRow("9112 3", requestLine: "GET / HTTP/1.1 HTTP/1.1", .invalidVersion),
        RefusedRow("9112 3.2", requestLine: "GET /a b HTTP/1.1", .invalidVersion),
    ]

    static let targets = [
        RefusedRow("9112 3.2", requestLine: "GET /a\u{0}b HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2", requestLine: "GET /a\u{7F} HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2", requestLine: "GET /a#b HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2", requestLine: "GET a/b HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2", requestLine: "GET ?a HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2", requestLine: "GET a:1 HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2", requestLine: "GET /ü HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2", requestLine: "GET /<x> HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2", requestLine: "GET /\"x HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2", requestLine: "GET /{x} HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2", requestLine: "GET /x|y^z` HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2", requestLine: "GET /..\\a HTTP/1.1", .invalidTarget),
        RefusedRow("3986 3.3", requestLine: "GET /a[1] HTTP/1.1", .invalidTarget),
        RefusedRow("3986 3.4", requestLine: "GET /?a[]=1 HTTP/1.1", .invalidTarget),
        RefusedRow("3986 3.4", requestLine: "GET http://a/?a[]=1 HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2.1", requestLine: "GET /% HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2.1", requestLine: "GET /%4 HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2.1", requestLine: "GET /%xy HTTP/1.1", .invalidTarget),
        RefusedRow("3986 2.1", requestLine: "GET /?%+1 HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2.2", requestLine: "GET ftp://a/b HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2.2", requestLine: "GET http:/a HTTP/1.1", .invalidTarget),
        RefusedRow("9110 7.4", requestLine: "GET https://a/b HTTP/1.1", .invalidTarget),
        RefusedRow("9110 4.2.1", requestLine: "GET http:///b HTTP/1.1", .invalidTarget),
        RefusedRow("9110 4.2.1", requestLine: "GET http://:80/ HTTP/1.1", .invalidTarget),
        RefusedRow("9110 4.2.2", requestLine: "GET https:///b HTTP/1.1", .invalidTarget),
        RefusedRow("9110 4.2.4", requestLine: "GET http://u@a/b HTTP/1.1", .invalidTarget),
        RefusedRow("9110 4.2.4", requestLine: "GET http://u:p@a HTTP/1.1", .invalidTarget),
        RefusedRow("3986 3.2.2", requestLine: "GET http://[::1/ HTTP/1.1", .invalidTarget),
        RefusedRow("3986 3.2.2", requestLine: "GET http://a,b/ HTTP/1.1", .invalidTarget),
        RefusedRow("3986 3.2.2", requestLine: "CONNECT a,b:1 HTTP/1.1", .unsuitableTarget),
        RefusedRow("3986 3.2.3", requestLine: "GET http://a:65536/ HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2.3", requestLine: "CONNECT / HTTP/1.1", .unsuitableTarget),
        RefusedRow("9112 3.2.3", requestLine: "CONNECT http://a:1/ HTTP/1.1", .unsuitableTarget),
        RefusedRow("9112 3.2.3", requestLine: "CONNECT u@a:1 HTTP/1.1", .unsuitableTarget),
        RefusedRow("9110 9.3.6", requestLine: "CONNECT a HTTP/1.1", .unsuitableTarget),
        RefusedRow("9110 9.3.6", requestLine: "CONNECT a: HTTP/1.1", .unsuitableTarget),
        RefusedRow("9110 9.3.6", requestLine: "CONNECT a:0 HTTP/1.1", .unsuitableTarget),
        RefusedRow("9110 9.3.6", requestLine: "CONNECT a:65536 HTTP/1.1", .unsuitableTarget),
        RefusedRow("9110 9.3.6", requestLine: "CONNECT :80 HTTP/1.1", .unsuitableTarget),
        RefusedRow("9112 3.2.4", requestLine: "GET * HTTP/1.1", .unsuitableTarget),
        RefusedRow("9112 3.2.4", requestLine: "TRACE * HTTP/1.1", .unsuitableTarget),
        RefusedRow("9112 3.2.4", requestLine: "OPTIONS ** HTTP/1.1", .invalidTarget),
    ]

    static let versions = [
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/1.", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / http/1.1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / Http/1.1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/1.10", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/01.1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/1.01", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/1,1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/1. 1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTP/-1.1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / HTTPS/1.1", .invalidVersion),
        RefusedRow("9112 2.3", requestLine: "GET / ICY/1.1", .invalidVersion),
        RefusedRow("9110 15.6.6", requestLine: "GET / HTTP/0.9", .unsupportedVersion),
        RefusedRow("9110 15.6.6", requestLine: "GET / HTTP/2.0", .unsupportedVersion),
        RefusedRow("9110 15.6.6", requestLine: "GET / HTTP/9.1", .unsupportedVersion),
        RefusedRow("9113 3.4", requestLine: "PRI * HTTP/2.0", .unsupportedVersion),
    ]

    static let limits = [
        RefusedRow(
            "9112 2.2", "one empty line too many",
            "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .tooManyEmptyLines),
        RefusedRow("9112 3", requestLine: "ABCDEFGHI / HTTP/1.1", .methodTooLong),
        RefusedRow(
            "9112 3", requestLine: "GET /\(String(repeating: "x", count: 40)) HTTP/1.1",
            .targetTooLong),
        RefusedRow("9110 5.4", line: "A:1\r\nB:2\r\nC:3\r\nD:4\r\nE:5\r\nF:6", .tooManyFields),
        RefusedRow(
            "9110 5.4", line: "X: \(String(repeating: "x", count: 200))", .fieldsTooLarge),
        RefusedRow("9110 5.4", line: String(repeating: "x", count: 200), .fieldsTooLarge),
        RefusedRow("9110 15.5.14", line: "Content-Length: 33", .bodyTooLarge),
        RefusedRow("9110 15.5.14", chunks: "21\r\n", .bodyTooLarge),
        RefusedRow(
            "9110 15.5.14", chunks: "10\r\n0123456789abcdef\r\n11\r\n", .bodyTooLarge),
        RefusedRow(
            "9112 7.1.1", chunks: "1;01234567\r\nx\r\n1;0123456\r\nx\r\n",
            .chunkExtensionsTooLarge),
        RefusedRow(
            "9112 7.1.2", chunks: "0\r\nX: \(String(repeating: "x", count: 40))\r\n\r\n",
            .fieldsTooLarge),
        RefusedRow(
            "9112 7.1.2", chunks: "0\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\n\r\n",
            .tooManyFields),
    ]
}
