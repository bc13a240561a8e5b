import HTTP
import Testing

@Suite struct RequestParserTests {
    private static let next = "GET /next HTTP/1.1\r\nHost: n\r\n\r\n"

    @Test(arguments: AcceptedRow.all)
    func `takes a request, however its bytes are cut`(row: AcceptedRow) {
        expectSame(row.bytes) { reading in
            #expect(reading.requests == [row.reading])
            #expect(reading.refusal == nil)
            #expect(reading.isIdle)
        }
    }

    @Test(arguments: AcceptedRow.all)
    func `takes the request that follows a request, however their bytes are cut`(row: AcceptedRow) {
        expectSame(row.bytes + Self.next.utf8) { reading in
            #expect(reading.requests == [row.reading, "GET /next HTTP/1.1 [Host: n]"])
            #expect(reading.isIdle)
        }
    }

    @Test(arguments: RefusedRow.all)
    func `refuses what is no request, however its bytes are cut`(row: RefusedRow) {
        expectSame(row.bytes) { #expect($0.refusal == row.error) }
    }

    @Test(arguments: RefusedRow.all)
    func `never reads what follows a refusal, however the bytes are cut`(row: RefusedRow) {
        expectSame(row.bytes + Self.next.utf8) { reading in
            #expect(reading.refusal == row.error)
            #expect(!reading.requests.contains { $0.contains("/next") })
        }
    }

    /// Reads the bytes whole, byte by byte, and cut in two at each position.
    private func expectSame(_ bytes: [UInt8], _ expect: (Reading) -> Void) {
        let whole = Reading(Cutting.whole(bytes))
        expect(whole)
        #expect(Reading(Cutting.everyByte(bytes)) == whole)
        for pieces in Cutting.inTwo(bytes) {
            let cut = Reading(pieces)
            guard cut != whole else { continue }
            #expect(cut == whole, "cut after \(pieces[0].count) bytes")
        }
    }

    @Test func `takes a long run of requests in whatever pieces it comes`() {
        var generator = SeededGenerator(state: 9)
        let rows = (0..<60).map { _ in AcceptedRow.all.randomElement(using: &generator) }
            .compactMap { $0 }
        let bytes = rows.flatMap(\.bytes)
        let reading = Reading(Cutting.random(bytes, using: &generator))
        #expect(reading.requests == rows.map(\.reading))
        #expect(reading.isIdle)
    }

    @Test func `takes what the RFC asks of every server within its usual limits`() {
        let target = "/" + String(repeating: "x", count: 7999)
        let text = "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(Reading(text, limits: MessageLimits()).requests.count == 1)
    }

    @Test func `throws the same error again and again`() {
        var parser = RequestParser()
        parser.append(Array("\n".utf8).span)
        #expect(throws: RequestError.invalidLineEnd) { try parser.next() }
        parser.append(Array(Self.next.utf8).span)
        #expect(throws: RequestError.invalidLineEnd) { try parser.next() }
        #expect(parser.bufferedCount == 0)
    }

    @Test func `knows the method before the head has ended`() throws {
        var parser = RequestParser()
        parser.append(Array("HEAD /".utf8).span)
        #expect(try parser.next() == nil)
        #expect(parser.method == .head)
        #expect(!parser.isIdle)
    }

    @Test func `reads bytes that are no UTF-8 without complaint`() throws {
        var parser = RequestParser()
        let bytes =
            Array("GET / HTTP/1.1\r\nHost: a\r\nX: b".utf8) + [0xFF] + Array("c\r\n\r\n".utf8)
        parser.append(bytes.span)
        guard case .head(let head, _) = try parser.next() else {
            Issue.record("no head")
            return
        }
        #expect(head.fields["x"] == "b\u{FFFD}c")
    }
}
