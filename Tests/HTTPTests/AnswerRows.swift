import HTTP

/// A request, what a handler answers to it, and what is then written, to the byte.
struct AnswerRow: Row {
    var section: String
    var name: String
    var text: String
    var response: Response
    var answer: String
    var closes: Bool

    /// - Parameter answer: Without the date, which stands behind the status line.
    init(
        _ section: String, _ name: String, to text: String = get,
        by response: Response = hello, _ answer: String, closes: Bool = false
    ) {
        self.section = section
        self.name = name
        self.text = text
        self.response = response
        self.closes = closes
        let statusLine = answer.prefix { $0 != "\r\n" } + "\r\n"
        self.answer =
            statusLine + "Date: \(Dialogue.date)\r\n" + answer.dropFirst(statusLine.count)
    }

    static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    static let hello = Response(status: .ok, body: Array("hello".utf8))
}

extension AnswerRow {
    static let all = contents + framings + connections + refusals

    static let contents = [
        AnswerRow("9112 4", "an answer", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        AnswerRow(
            "9110 6.6.1", "a redirection has its date too",
            by: Response(status: .seeOther, fields: ["Location": "/b"]),
            "HTTP/1.1 303 See Other\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"),
        AnswerRow(
            "9110 6.6.1", "and so has an error", by: Response(status: .notFound),
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"),
        AnswerRow(
            "9110 10.2.1", "Allow as the handler has it",
            by: Response(status: .methodNotAllowed, fields: ["Allow": "GET, HEAD"]),
            "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\nContent-Length: 0\r\n\r\n"),
        AnswerRow(
            "9110 9.3.2", "the length and no content for HEAD",
            to: "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"),
        AnswerRow(
            "9110 8.6", "neither length nor content with 204",
            by: Response(status: .noContent, body: Array("hello".utf8)),
            "HTTP/1.1 204 No Content\r\n\r\n"),
        AnswerRow(
            "9110 15.4.5", "no content with 304",
            by: Response(
                status: .notModified, fields: ["ETag": "\"a\""], body: Array("hello".utf8)),
            "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n"),
        AnswerRow(
            "9110 9.3.6", "neither length nor content with a 2xx to CONNECT",
            to: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n", closes: true),
    ]

    static let framings = [
        AnswerRow(
            "9112 6.1", "a handler's own framing is dropped",
            by: Response(
                status: .ok,
                fields: ["Transfer-Encoding": "chunked", "content-length": "9", "A": "b"]),
            "HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 0\r\n\r\n"),
        AnswerRow(
            "9112 6.1", "no coding to HTTP/1.0", to: "GET / HTTP/1.0\r\n\r\n",
            by: Response(status: .ok, fields: ["Transfer-Encoding": "chunked"]),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", closes: true),
        AnswerRow(
            "9112 6.1", "no coding with 204",
            by: Response(status: .noContent, fields: ["Transfer-Encoding": "chunked"]),
            "HTTP/1.1 204 No Content\r\n\r\n"),
        AnswerRow(
            "9110 5.5", "no value ends its line",
            by: Response(status: .ok, fields: ["A": "b\r\nC: d\r\n\r\n<html>\u{0}"]),
            "HTTP/1.1 200 OK\r\nA: b  C: d    <html> \r\nContent-Length: 0\r\n\r\n"),
    ]

    static let connections = [
        AnswerRow(
            "9110 6.2", "HTTP/1.1 to a version to come", to: "GET / HTTP/1.9\r\nHost: a\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        AnswerRow(
            "9112 9.3", "HTTP/1.0 ends with its answer", to: "GET / HTTP/1.0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
            closes: true),
        AnswerRow(
            "9112 9.3", "HTTP/1.0 that asked to go on is told so",
            to: "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello"),
        AnswerRow(
            "9112 9.6", "close is answered with close",
            to: "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
            closes: true),
        AnswerRow(
            "9110 7.6.1", "what a handler says of the connection is dropped",
            by: Response(status: .ok, fields: ["Connection": "upgrade"]),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        AnswerRow(
            "9110 7.8", "an upgrade is answered as if it had not been asked for",
            to: "GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        AnswerRow(
            "9110 9.3.6", "what follows a refused CONNECT may be a tunnel's",
            to: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n",
            by: Response(status: .methodNotAllowed),
            "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            closes: true),
    ]

    private static let refused = Response(status: .badRequest, body: Array("why".utf8))

    static let refusals = [
        AnswerRow(
            "9112 6.3", "a refusal closes",
            to: "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", by: refused,
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nwhy",
            closes: true),
        AnswerRow(
            "9110 9.3.2", "a refused HEAD has no content", to: "HEAD /<> HTTP/1.1\r\n", by: refused,
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\n",
            closes: true),
        AnswerRow(
            "9112 9.3", "a refusal closes even what asked to go on",
            to: "GET / HTTP/1.0\r\nConnection: keep-alive\r\nHost: @\r\n\r\n", by: refused,
            "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\nConnection: close\r\n\r\nwhy",
            closes: true),
    ]
}
