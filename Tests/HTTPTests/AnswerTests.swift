import HTTP
import Testing

@Suite struct AnswerTests {
    private static let next = "GET /next HTTP/1.1\r\nHost: n\r\n\r\n"

    @Test(arguments: AnswerRow.all)
    func `is written to the byte, however the request is cut`(row: AnswerRow) {
        for pieces in [Cutting.whole(row.bytes), Cutting.everyByte(row.bytes)]
            + Cutting.inTwo(row.bytes)
        {
            var server = Dialogue()
            #expect(server.hears(pieces).last == "wait")
            #expect(server.answers(row.response) == [row.closes ? "close" : "read"])
            #expect(server.output == row.answer)
        }
    }

    @Test(arguments: AnswerRow.all)
    func `is followed by the next request's, unless it closes`(row: AnswerRow) {
        var server = Dialogue()
        _ = server.hears(row.text + Self.next)
        let steps = server.answers(row.response)
        #expect(server.output == row.answer)
        #expect(steps == (row.closes ? ["close"] : ["GET /next", "wait"]))
    }

    @Test func `to an interim request is interim only for those who know it`() {
        let lines = "Content-Length: 1\r\nExpect: 100-continue\r\n\r\n"
        var newer = Dialogue()
        #expect(newer.hears("PUT / HTTP/1.1\r\nHost: a\r\n" + lines) == ["continue", "read"])
        var older = Dialogue()
        #expect(older.hears("PUT / HTTP/1.0\r\n" + lines) == ["read"])
        let interim = String(decoding: ServerConnection.continueBytes, as: UTF8.self)
        #expect(interim == "HTTP/1.1 100 Continue\r\n\r\n")
    }
}
