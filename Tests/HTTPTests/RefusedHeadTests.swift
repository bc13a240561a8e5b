import HTTP
import Testing

/// What a refusal still says of the request that it refuses.
@Suite struct RefusedHeadTests {
    @Test(
        arguments: [
            ("G@T /a HTTP/1.1\r\n", nil, []),
            ("GET /a<", nil, []),
            ("GET /%zz HTTP/1.1\r\n", nil, []),
            ("GET /\(String(repeating: "a", count: 50))", nil, []),
            ("GET /a HTTP/2.0\r\n", "GET /a", []),
            ("GET /a http/1.1\r\n", "GET /a", []),
            ("GET /%zz HTTP/2.0\r\n", nil, []),
            ("PUT /a?b HTTP/1.1\r\nbad\r\n", "PUT /a?b", []),
            ("PUT /a HTTP/1.1\r\nA: b\r\nC : d\r\n", "PUT /a", ["A: b"]),
            ("PUT /a HTTP/1.1\r\nA: b\r\nC: d\r\n\n", "PUT /a", ["A: b", "C: d"]),
            ("PUT /a HTTP/1.1\r\nA: b\r\n\r\n", "PUT /a", ["A: b"]),
            (
                "PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 33\r\n\r\n", "PUT /a",
                ["Host: a", "Content-Length: 33"]
            ),
            ("PUT http://b/ HTTP/1.1\r\nHost: @\r\n\r\n", "PUT http://b/", ["Host: b"]),
            (
                "PUT /a HTTP/1.1\r\nX: y\r\nZ: \(String(repeating: "z", count: 200))", "PUT /a",
                ["X: y"]
            ),
        ] as [(String, String?, [String])])
    func `is its request line and its whole lines, from the target on`(
        text: String, line: String?, fields: [String]
    ) throws {
        let bytes = Array(text.utf8)
        for pieces in [Cutting.whole(bytes), Cutting.everyByte(bytes)] + Cutting.inTwo(bytes) {
            let head = try #require(refusedHead(pieces))
            #expect(head.map { "\($0.method) \($0.target.raw)" } == line)
            #expect((head?.fields ?? [:]).map { "\($0.name): \($0.value)" } == fields)
        }
    }

    @Test(arguments: ["GE", "GET /a", "GET /a HTT", "GET /a HTTP/1.1\r\nA: b\r\nC"])
    func `is there when the time is over, too`(text: String) throws {
        var connection = ServerConnection()
        connection.received(Array(text.utf8).span)
        guard case .read = connection.nextStep() else {
            Issue.record("not reading")
            return
        }
        connection.timedOut()
        guard case .refuse(.timeout, let head) = connection.nextStep() else {
            Issue.record("not refused")
            return
        }
        #expect((head != nil) == text.contains("/a "))
    }

    /// Nil where nothing was refused.
    private func refusedHead(_ pieces: [ArraySlice<UInt8>]) -> RequestHead?? {
        var connection = ServerConnection(limits: .tight)
        for piece in pieces {
            connection.received(Array(piece).span)
            if case .refuse(_, let head) = connection.nextStep() { return .some(head) }
        }
        return nil
    }
}
