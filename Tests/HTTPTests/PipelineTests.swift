import HTTP
import Testing

@Suite struct PipelineTests {
    private static let next = "GET /next HTTP/1.1\r\nHost: n\r\n\r\n"

    private func get(_ target: String) -> String {
        "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
    }

    @Test(arguments: AcceptedRow.all)
    func `a request is answered before the next, and no body is one`(row: AcceptedRow) throws {
        var server = Dialogue()
        let first = server.hears(row.text + Self.next)
        #expect(first.count == 2 && first.last == "wait")
        let tunnels = row.text.hasPrefix("CONNECT")
        let closes = row.reading.contains("] close") || tunnels
        #expect(server.answers() == (closes ? ["close"] : ["GET /next", "wait"]))
    }

    @Test(arguments: AcceptedRow.all)
    func `a request that is cut short is never delivered`(row: AcceptedRow) {
        for count in row.bytes.indices.dropFirst() {
            let pieces = [row.bytes[..<count]]
            for (end, error) in [("close", "truncated"), ("time", "timeout")] {
                var server = Dialogue()
                #expect(server.hears(pieces).allSatisfy { ["read", "continue"].contains($0) })
                let steps = end == "close" ? server.peerCloses() : server.timesOut()
                // Empty lines alone are no request yet.
                let isNothing = row.bytes[..<count].elementsEqual("\r\n\r\n".utf8.prefix(count))
                guard !isNothing else { continue }
                #expect(steps.first?.hasPrefix("refuse \(error)") == true, "\(count) bytes")
                #expect(server.answers(Response(status: .badRequest)) == ["close"])
            }
        }
    }

    @Test(arguments: RefusedRow.all)
    func `a fault in the middle is told in its turn, and ends the rest`(row: RefusedRow) {
        var server = Dialogue()
        #expect(server.hears(get("/1") + get("/2") + row.text + get("/3")).first == "GET /1")
        #expect(server.answers() == ["GET /2", "wait"])
        // A request's own fault may come to light only when its turn has come.
        let steps = server.answers()
        #expect(steps.first?.hasPrefix("refuse \(row.error)") == true)
        #expect(server.answers(Response(status: row.error.status)) == ["close"])
        #expect(server.output.contains("\r\nConnection: close\r\n"))
    }

    @Test func `the last request of a connection is told so`() {
        var limits = MessageLimits()
        limits.requestsPerConnection = 3
        var server = Dialogue(limits: limits)
        #expect(server.hears((1...4).map { get("/\($0)") }.joined()).first == "GET /1")
        #expect(server.answers() == ["GET /2", "wait"])
        #expect(!server.output.contains("Connection"))
        #expect(server.answers() == ["GET /3", "wait"])
        #expect(server.answers() == ["close"])
        #expect(server.output.contains("\r\nConnection: close\r\n"))
        #expect(server.hears(get("/5")) == ["close"])
    }

    @Test func `what waits for its turn is bytes and nothing else`() {
        var server = Dialogue()
        let many = String(repeating: get("/"), count: 1_000)
        #expect(server.hears(many) == ["GET /", "wait"])
        // The faults among them are found when their turn comes, not before.
        #expect(server.hears("\u{0}") == ["wait"])
        for _ in 1..<1_000 { #expect(server.answers() == ["GET /", "wait"]) }
        #expect(server.answers() == ["refuse invalidMethod", "wait"])
    }
}
