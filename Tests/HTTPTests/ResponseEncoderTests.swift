import HTTP
import Testing

@Suite struct ResponseEncoderTests {
    private func encode(
        _ response: Response, to method: Method? = .get,
        connection: ResponseEncoder.ConnectionField = .none
    ) -> String {
        var output: [UInt8] = []
        ResponseEncoder.encode(
            response, to: method, connection: connection, date: Array("DATE".utf8),
            into: &output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `an answer is its status, its fields and its body`() {
        let response = Response(
            status: .created, fields: ["Location": "/a", "X-Y": "z"], body: Array("hello".utf8))
        #expect(
            encode(response) == "HTTP/1.1 201 Created\r\nDate: DATE\r\nLocation: /a\r\nX-Y: z\r\n"
                + "Content-Length: 5\r\n\r\nhello")
    }

    @Test(arguments: [
        (Status.ok, Method.get, "Content-Length: 2\r\n\r\nhi"),
        (.ok, .head, "Content-Length: 2\r\n\r\n"),
        (.badRequest, .head, "Content-Length: 2\r\n\r\n"),
        (.noContent, .get, "Date: DATE\r\n\r\n"),
        (.notModified, .get, "Date: DATE\r\n\r\n"),
        (.notModified, .head, "Date: DATE\r\n\r\n"),
    ])
    func `a body goes only where one may stand`(status: Status, method: Method, end: String) {
        let answer = encode(Response(status: status, body: Array("hi".utf8)), to: method)
        #expect(answer.hasSuffix(end))
        #expect(answer.contains("Content-Length") == end.contains("Content-Length"))
    }

    @Test func `an empty body has a length too`() {
        #expect(encode(Response(status: .ok)).hasSuffix("Content-Length: 0\r\n\r\n"))
    }

    @Test func `framing and date are the encoder's alone`() {
        let fields: Fields = [
            "Content-Length": "99", "transfer-encoding": "chunked", "X": "y",
            "CONNECTION": "upgrade", "Date": "never", "Dato": "kept",
        ]
        #expect(
            encode(Response(status: .ok, fields: fields), connection: .close)
                == "HTTP/1.1 200 OK\r\nDate: DATE\r\nX: y\r\nDato: kept\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n")
    }

    @Test func `answers gather in one buffer`() {
        var output = Array("before|".utf8)
        ResponseEncoder.encode(
            Response(status: .ok), to: nil, connection: .keepAlive, date: Array("D".utf8),
            into: &output)
        #expect(String(decoding: output, as: UTF8.self).hasPrefix("before|HTTP/1.1 200 OK\r\n"))
        #expect(String(decoding: output, as: UTF8.self).contains("Connection: keep-alive\r\n"))
    }

    @Test(arguments: [
        "a\r\nSet-Cookie: b", "a\nSet-Cookie: b", "a\rSet-Cookie: b", "a\0\r\n\r\n<html>",
    ])
    func `no value can end its line`(value: String) {
        let answer = encode(Response(status: .ok, fields: ["X": value]))
        #expect(answer.utf8.filter { $0 == 10 }.count == 5)
        #expect(answer.utf8.filter { $0 == 13 }.count == 5)
        #expect(!answer.contains("\nSet-Cookie"))
    }
}
