import HTTP
import Testing

@Suite struct RequestParserTests {
    private static let next = "GET /next HTTP/1.1\r\nHost: n\r\n\r\n"

    @Test(arguments: AcceptedRow.all)
    func `takes a request, however its bytes are cut`(row: AcceptedRow) {
        let whole = Reading(Cutting.whole(row.bytes))
        #expect(whole.requests == [row.reading])
        #expect(whole.refusal == nil)
        #expect(whole.isIdle)
        #expect(Reading(Cutting.everyByte(row.bytes)) == whole)
        for pieces in Cutting.inTwo(row.bytes) {
            #expect(Reading(pieces) == whole, "cut after \(pieces[0].count) bytes")
        }
    }

    @Test(arguments: AcceptedRow.all)
    func `takes the request that follows a request`(row: AcceptedRow) {
        let both = Reading(row.text + Self.next)
        #expect(both.requests == [row.reading, "GET /next HTTP/1.1 [Host: n]"])
        #expect(both.isIdle)
    }

    @Test(arguments: RefusedRow.all + RefusedRow.smuggling)
    func `refuses what is no request, however its bytes are cut`(row: RefusedRow) {
        let whole = Reading(Cutting.whole(row.bytes))
        #expect(whole.refusal == row.error)
        let bytewise = Reading(Cutting.everyByte(row.bytes))
        #expect(bytewise == whole)
        for pieces in Cutting.inTwo(row.bytes) {
            #expect(Reading(pieces) == whole, "cut after \(pieces[0].count) bytes")
        }
    }

    @Test(arguments: RefusedRow.all + RefusedRow.smuggling)
    func `never reads what follows a refusal`(row: RefusedRow) {
        let reading = Reading([row.bytes[...], Array(Self.next.utf8)[...]])
        #expect(reading.refusal == row.error)
        #expect(!reading.requests.contains { $0.contains("/next") })
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
