import HTTP
import Testing

@Suite struct ServerConnectionTests {
    private func get(_ target: String, _ lines: String = "") -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"
    }

    private func post(_ lines: String) -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"
    }

    // MARK: Order

    @Test func `one request after the other`() {
        var server = Dialogue()
        #expect(server.steps() == ["read"])
        #expect(server.hears("GET /a HTTP/1.1\r\n") == ["read"])
        #expect(server.hears("Host: a\r\n\r\n") == ["GET /a", "wait"])
        #expect(server.answers() == ["read"])
        #expect(server.hears(get("/b")) == ["GET /b", "wait"])
    }

    @Test func `pipelined requests wait their turn`() {
        var server = Dialogue()
        #expect(server.hears(get("/a") + get("/b") + "GET /c") == ["GET /a", "wait"])
        #expect(server.steps() == ["wait"])
        #expect(server.answers() == ["GET /b", "wait"])
        #expect(server.answers() == ["read"])
        #expect(server.hears(" HTTP/1.1\r\nHost: a\r\n\r\n") == ["GET /c", "wait"])
    }

    @Test func `a request carries the address of its peer`() {
        var connection = ServerConnection(peer: "192.0.2.7")
        connection.received(Array(get("/").utf8).span)
        guard case .deliver(let request) = connection.nextStep() else {
            Issue.record("not delivered")
            return
        }
        #expect(request.peer == "192.0.2.7")
        #expect(request.fields[.host] == "a")
    }

    @Test func `a body for which there is no room is refused, and its client is not waited for`() {
        var server = Dialogue()
        #expect(server.hears(post("Content-Length: 2\r\n")) == ["read"])
        #expect(server.lacksRoom() == ["refuse noRoomForBody /", "wait"])
        #expect(server.answers(Response(status: .serviceUnavailable)) == ["close"])
        #expect(server.output.contains("Connection: close"))
    }

    // MARK: Persistence

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "read", ""),
        ("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "close", "Connection: close"),
        ("GET / HTTP/1.0\r\n\r\n", "close", "Connection: close"),
        ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "read", "Connection: keep-alive"),
    ])
    func `goes on as the client asked`(request: String, step: String, field: String) {
        var server = Dialogue()
        #expect(server.hears(request) == ["GET /", "wait"])
        #expect(server.answers() == [step])
        #expect(server.output.contains("Connection:") == !field.isEmpty)
        #expect(server.output.contains(field))
    }

    @Test func `nothing is read after a request that asked to close`() {
        var server = Dialogue()
        #expect(server.hears(get("/a", "Connection: close\r\n") + get("/b")) == ["GET /a", "wait"])
        #expect(server.answers() == ["close"])
        #expect(server.hears(get("/c")) == ["close"])
    }

    // MARK: Refusals

    @Test(arguments: RefusedRow.all)
    func `a refusal is the last answer of a connection`(row: RefusedRow) {
        var server = Dialogue()
        let steps = server.hears(row.text + get("/next"))
        #expect(steps.first?.hasPrefix("refuse \(row.error)") == true)
        #expect(steps.last == "wait")
        #expect(server.answers(Response(status: row.error.status)) == ["close"])
        #expect(server.output.contains("\r\nConnection: close\r\n"))
        #expect(server.hears(get("/next")) == ["close"])
    }

    @Test func `requests before a refused one are answered first`() {
        var server = Dialogue()
        #expect(server.hears(get("/a") + "bad\n") == ["GET /a", "wait"])
        #expect(server.answers() == ["refuse invalidMethod", "wait"])
        #expect(server.answers(Response(status: .badRequest)) == ["close"])
    }

    @Test func `a refused body comes with its head`() {
        var server = Dialogue()
        let steps = server.hears(post("Transfer-Encoding: chunked\r\n") + "x")
        #expect(steps == ["refuse invalidChunkSize /", "wait"])
    }

    @Test func `a refused HEAD is answered without a body`() {
        var server = Dialogue()
        let steps = server.hears("HEAD / HTTP/1.1\r\nbad\r\n\r\n")
        #expect(steps == ["refuse invalidFieldName /", "wait"])
        #expect(server.answers(Response(status: .badRequest, body: [65])) == ["close"])
        #expect(server.output.hasSuffix("Content-Length: 1\r\nConnection: close\r\n\r\n"))
    }

    // MARK: Expectations

    @Test func `a client that waits for leave to send its body gets it once`() {
        var server = Dialogue()
        let head = post("Content-Length: 5\r\nExpect: 100-continue\r\n")
        #expect(server.hears(head) == ["continue", "read"])
        #expect(server.hears("he") == ["read"])
        #expect(server.hears("llo") == ["POST / hello", "wait"])
    }

    @Test(arguments: [
        ("a body that has begun", "Content-Length: 5\r\nExpect: 100-continue\r\n", "h", "read"),
        ("no body", "Expect: 100-continue\r\n", "", "POST /"),
        (
            "too large a body", "Content-Length: 33\r\nExpect: 100-continue\r\n", "",
            "refuse bodyTooLarge /"
        ),
        (
            "another expectation", "Content-Length: 5\r\nExpect: x\r\n", "",
            "refuse unsupportedExpectation /"
        ),
    ])
    func `no leave is given for`(name: String, lines: String, body: String, step: String) {
        var server = Dialogue()
        #expect(server.hears(post(lines) + body).first == step)
    }

    @Test(arguments: [
        ("Content-Length: 5\r\nExpect: 100-continue\r\n", ""), ("Content-Length: 16385\r\n", ""),
        (
            "Transfer-Encoding: chunked\r\n",
            "4001\r\n" + String(repeating: "a", count: 0x4001) + "\r\n"
        ),
    ])
    func `who is turned away by its head is not told to go on, and nothing more of it is read`(
        lines: String, body: String
    ) {
        var server = Dialogue(limits: MessageLimits(), turnsAway: true)
        #expect(server.hears(post(lines) + body) == ["turn / away", "wait"])
        #expect(server.hears(get("/smuggled")) == ["wait"])
        #expect(server.answers(Response(status: .unauthorized)) == ["close"])
        #expect(server.output.contains("Connection: close"))
        #expect(server.hears(get("/smuggled")) == ["close"])
    }

    @Test func `a small body that comes by itself is judged with its request`() {
        var server = Dialogue(limits: MessageLimits(), turnsAway: true)
        #expect(server.hears(post("Content-Length: 5\r\n") + "hello") == ["POST / hello", "wait"])
        #expect(server.answers() == ["read"])
        let chunked = post("Transfer-Encoding: chunked\r\n")
        #expect(server.hears(chunked + "5\r\nhello\r\n") == ["read"])
        #expect(server.hears("0\r\n\r\n") == ["POST / hello", "wait"])
    }

    @Test(arguments: [
        ("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n", "refuse tooManyConnections /"),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nab",
            "refuse tooManyConnections /"
        ),
        ("bad\r\n", "refuse invalidMethod"),
    ])
    func `one connection too many has its first request refused`(request: String, step: String) {
        var server = Dialogue(isOneTooMany: true)
        #expect(server.steps() == ["read"])
        #expect(server.hears(request + get("/next")) == [step, "wait"])
        #expect(server.answers(Response(status: .serviceUnavailable, body: [65])) == ["close"])
        #expect(server.output.hasSuffix("A") == !request.hasPrefix("HEAD"))
    }

    // MARK: Ends

    @Test func `an idle connection closes when the client or the time is through with it`() {
        var left = Dialogue()
        #expect(left.peerCloses() == ["close"])
        var forgotten = Dialogue()
        #expect(forgotten.timesOut() == ["close"])
        var drained = Dialogue()
        #expect(drained.drains() == ["close"])
    }

    @Test func `what was asked before a half-close is answered`() {
        var server = Dialogue()
        #expect(server.hears(get("/a") + get("/b")) == ["GET /a", "wait"])
        #expect(server.peerCloses() == ["wait"])
        #expect(server.answers() == ["GET /b", "wait"])
        #expect(!server.output.contains("Connection"))
        #expect(server.answers() == ["close"])
        #expect(server.output.contains("Connection: close"))
    }

    @Test func `half a request is refused when no more will come`() {
        var server = Dialogue()
        #expect(server.hears("GET / HTT") == ["read"])
        #expect(server.peerCloses() == ["refuse truncated /", "wait"])
        #expect(server.answers(Response(status: .badRequest)) == ["close"])
    }

    @Test func `half a body is refused with its head when the time is over`() {
        var server = Dialogue()
        #expect(server.hears(post("Content-Length: 5\r\n") + "he") == ["read"])
        #expect(server.timesOut() == ["refuse timeout /", "wait"])
        #expect(server.answers(Response(status: .requestTimeout)) == ["close"])
    }

    @Test func `time does not count while an answer is owed`() {
        var server = Dialogue()
        #expect(server.hears(get("/a")) == ["GET /a", "wait"])
        #expect(server.timesOut() == ["wait"])
        #expect(server.answers() == ["read"])
    }

    @Test func `a request that has begun is finished before a drain ends`() {
        var server = Dialogue()
        #expect(server.hears("GET /a HTTP/1.1\r\n") == ["read"])
        #expect(server.drains() == ["read"])
        #expect(server.hears("Host: a\r\n\r\n" + get("/b")) == ["GET /a", "wait"])
        #expect(server.answers() == ["close"])
        #expect(server.output.contains("Connection: close"))
    }

    @Test func `the phase tells which deadline applies`() {
        var server = Dialogue()
        #expect(server.connection.phase == .idle)
        _ = server.hears("POST / HTTP/1.1\r\n")
        #expect(server.connection.phase == .head)
        _ = server.hears("Host: a\r\nContent-Length: 2\r\n\r\n")
        #expect(server.connection.phase == .body)
        _ = server.hears("hi")
        #expect(server.connection.phase == .responding)
        _ = server.answers()
        #expect(server.connection.phase == .idle)
        _ = server.peerCloses()
        #expect(server.connection.phase == .closing)
    }
}
