import HTTP

/// Requests that two servers in a row have been made to end at different places. Every one of them
/// is refused, so that what follows is never read. A pair is named for what the one in front
/// goes by and what the one behind it does: the length (CL), the coding (TE), or neither (0).
extension RefusedRow {
    static let smuggling = lengthAndCoding + disguisedCodings + disguisedLengths + disguisedLines

    private static let lengthAndCoding = [
        smuggling("CL.TE", "Content-Length: 4\r\nTransfer-Encoding: chunked"),
        smuggling("TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4"),
        smuggling("TE.0", "Transfer-Encoding: chunked\r\nContent-Length: 0"),
        smuggling("CL.TE", "Content-Length: +4\r\nTransfer-Encoding: chunked"),
        smuggling("CL.TE", "Content-Length: 4\r\nTransfer-Encoding: chunked \t"),
        smuggling("CL.TE", "Content-Length: 4\r\nTransfer-Encoding: Chunked"),
        smuggling("CL.TE", "Content-Length: 4\r\nTransfer-Encoding: , chunked"),
        smuggling("CL.TE", "Content-Length: 4\r\nTransfer-Encoding: identity, chunked"),
        smuggling("TE.CL", "Transfer-Encoding: xchunked\r\nContent-Length: 4"),
        smuggling("TE.CL", "Transfer-Encoding: identity\r\nContent-Length: 4"),
        smuggling("TE.CL", "Transfer-Encoding:\r\nContent-Length: 4"),
    ]

    private static func smuggling(_ pair: String, _ lines: String) -> RefusedRow {
        RefusedRow("9112 6.1", line: lines, .transferEncodingWithContentLength, pair)
    }

    private static let disguisedCodings = [
        RefusedRow(
            "9112 6.3", line: "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
            .invalidTransferEncoding, "TE.TE"),
        RefusedRow(
            "9112 6.1", line: "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
            .unsupportedTransferCoding, "TE.TE"),
        RefusedRow(
            "9112 7.1", line: "Transfer-Encoding: chunked\r\nTransfer-encoding: chunked",
            .invalidTransferEncoding, "TE.TE"),
        RefusedRow(
            "9112 6.3", line: "Transfer-Encoding: chunked\r\nTransfer-Encoding:",
            .invalidTransferEncoding, "TE.TE"),
        RefusedRow(
            "9110 5.5", line: "Transfer-Encoding: \u{B}chunked", .invalidFieldValue, "TE.TE"),
        RefusedRow(
            "9110 5.5", line: "Transfer-Encoding: \u{C}chunked", .invalidFieldValue, "TE.TE"),
        RefusedRow(
            "9110 5.5", line: "Transfer-Encoding: chunked\u{0}", .invalidFieldValue, "TE.TE"),
        RefusedRow(
            "9110 5.5", line: "Transfer-Encoding: chunked\u{7F}", .invalidFieldValue, "TE.TE"),
        RefusedRow(
            "9112 6.3", line: "Transfer-Encoding: \u{A0}chunked", .invalidTransferEncoding,
            "TE.TE"),
        RefusedRow(
            "9112 5.1", line: "Transfer-Encoding : chunked", .invalidFieldName, "TE.TE"),
        RefusedRow(
            "9112 5.1", line: "Transfer-Encoding\t: chunked", .invalidFieldName, "TE.TE"),
        RefusedRow(
            "9112 5.1", line: "Transfer-Encoding\u{B}: chunked", .invalidFieldName, "TE.TE"),
        RefusedRow(
            "9112 5.1", line: "Transfer-Encoding\r\n: chunked", .invalidFieldName, "TE.TE"),
        RefusedRow(
            "9110 5.1", line: "Transfer-Encoding\u{0}: chunked", .invalidFieldName, "TE.TE"),
        RefusedRow("9112 5", line: "Transfer-Encoding chunked", .invalidFieldName, "TE.TE"),
        RefusedRow("9112 5.2", line: "Transfer-Encoding:\r\n chunked", .foldedField, "TE.TE"),
        RefusedRow("9112 5.2", line: "Transfer-Encoding:\r\n\tchunked", .foldedField, "TE.TE"),
        RefusedRow(
            "9112 5.2", line: "Transfer-Encoding: chunked\r\n , x", .foldedField, "TE.TE"),
        RefusedRow(
            "9112 5.2", line: "X: y\r\n Transfer-Encoding: chunked", .foldedField, "TE.TE"),
        RefusedRow(
            "9112 2.2", line: "X: y\rTransfer-Encoding: chunked", .invalidLineEnd, "TE.TE"),
        RefusedRow(
            "9112 2.2", line: "X: y\nTransfer-Encoding: chunked", .invalidLineEnd, "TE.TE"),
        RefusedRow(
            "9112 2.2", line: "Transfer-Encoding: chunked\rX: y", .invalidLineEnd, "TE.TE"),
        RefusedRow(
            "9112 2.2", line: "\rTransfer-Encoding: chunked", .invalidLineEnd, "TE.TE"),
    ]

    private static let disguisedLengths = [
        RefusedRow(
            "9112 6.3", line: "Content-Length: 0\r\nContent-Length: 5", .repeatedContentLength,
            "CL.CL"),
        RefusedRow(
            "9112 6.3", line: "Content-Length: 5\r\ncontent-length: x", .repeatedContentLength,
            "CL.CL"),
        RefusedRow("9112 5.1", line: "Content-Length : 4", .invalidFieldName, "0.CL"),
        RefusedRow("9112 5.1", line: "Content-Length\t: 4", .invalidFieldName, "0.CL"),
        RefusedRow("9110 5.1", line: "Content-Length\u{0}: 4", .invalidFieldName, "0.CL"),
        RefusedRow("9112 5.2", line: "Content-Length:\r\n 4", .foldedField, "0.CL"),
        RefusedRow("9112 5.2", line: "Content-Length: 4\r\n 5", .foldedField, "CL.CL"),
        RefusedRow("9110 5.5", line: "Content-Length: 4\u{0}", .invalidFieldValue, "CL.0"),
        RefusedRow("9112 2.2", line: "X: y\rContent-Length: 4", .invalidLineEnd, "0.CL"),
        RefusedRow(
            "9112 6.3", line: "Content-Length: 4, 5\r\nExpect: 100-continue",
            .invalidContentLength, "0.CL"),
        RefusedRow(
            "9110 10.1.1", line: "Content-Length: 4\r\nExpect: y 100-continue",
            .unsupportedExpectation, "0.CL"),
    ]

    private static let disguisedLines = [
        RefusedRow(
            "9112 2.2", "an LF in the request line", "GET /\nHTTP/1.1\r\nHost: a\r\n\r\n",
            .invalidTarget),
        RefusedRow(
            "9112 3", "HTTP/0.9 before a request", "GET /a\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            .invalidTarget),
        RefusedRow(
            "9112 3", "a request after a space", "GET /a GET /b HTTP/1.1\r\nHost: a\r\n\r\n",
            .invalidVersion),
        RefusedRow("9112 2.2", line: "X: y\n\nGET /b HTTP/1.1", .invalidLineEnd, "a request"),
        RefusedRow("9112 2.2", line: "X: y\r\rGET /b HTTP/1.1", .invalidLineEnd, "a request"),
        RefusedRow("9112 2.2", line: "X: y\n\r\nGET /b HTTP/1.1", .invalidLineEnd, "a request"),
    ]

    /// Where a chunk's size line ends (TERM), what stands behind its size (EXT), and data that
    /// spills over (SPILL): the pairs of what two servers take for the end.
    static let funkyChunks = [
        RefusedRow("9112 7.1.1", chunks: "5;\nxxxxx\r\n0\r\n\r\n", .invalidLineEnd, "TERM.EXT"),
        RefusedRow("9112 7.1.1", chunks: "5;\rxxxxx\r\n0\r\n\r\n", .invalidLineEnd, "TERM.EXT"),
        RefusedRow("9112 7.1.1", chunks: "5;a\nxxxx\r\n0\r\n\r\n", .invalidLineEnd, "EXT.TERM"),
        RefusedRow("9112 7.1.1", chunks: "5;a=\"\nxx\"\r\n0\r\n\r\n", .invalidLineEnd, "EXT.TERM"),
        RefusedRow("9112 7.1.1", chunks: "5;a=\"\r\nxx\"\r\n", .invalidChunkSize, "EXT.TERM"),
        RefusedRow("9112 7.1.1", chunks: "5;a=\"\\\r\nxx\"\r\n", .invalidChunkSize, "EXT.TERM"),
        RefusedRow("9112 7.1.1", chunks: "0;\n\r\n\r\n", .invalidLineEnd, "TERM.EXT"),
        RefusedRow("9112 7.1", chunks: "5\r\nhello\n0\r\n\r\n", .invalidChunkEnd, "TERM.SPILL"),
        RefusedRow("9112 7.1", chunks: "5\r\nhelloXX0\r\n\r\n", .invalidChunkEnd, "SPILL.TERM"),
        RefusedRow("9112 7.1", chunks: "5\r\nhello0\r\n\r\n", .invalidChunkEnd, "SPILL.TERM"),
        RefusedRow("9112 7.1", chunks: "5\r\nhello\r\r\n0\r\n", .invalidChunkEnd, "TERM.SPILL"),
        RefusedRow("9112 7.1", chunks: "5\n\rhello\r\n", .invalidLineEnd, "TERM.SPILL"),
        RefusedRow("9112 7.1.2", chunks: "0\r\n\nGET / HTTP/1.1\r\n", .invalidLineEnd, "the end"),
        RefusedRow("9112 7.1.2", chunks: "0\r\n\rGET / HTTP/1.1\r\n", .invalidLineEnd, "the end"),
        RefusedRow("9112 7.1.1", chunks: "1;\r\nx\r\n", .invalidChunkSize, "no name"),
        RefusedRow("9112 7.1.1", chunks: "1;;a\r\nx\r\n", .invalidChunkSize, "no name"),
        RefusedRow("9112 7.1.1", chunks: "1;=a\r\nx\r\n", .invalidChunkSize, "no name"),
        RefusedRow("9112 7.1.1", chunks: "1;a=\r\nx\r\n", .invalidChunkSize, "no value"),
        RefusedRow("9112 7.1.1", chunks: "1;a b\r\nx\r\n", .invalidChunkSize, "two names"),
        RefusedRow("9112 7.1.1", chunks: "1;a=b c\r\nx\r\n", .invalidChunkSize, "two values"),
        RefusedRow("9112 7.1.1", chunks: "1;a=\"b\"c\r\nx\r\n", .invalidChunkSize, "two values"),
        RefusedRow("9112 7.1.1", chunks: "1;a \r\nx\r\n", .invalidChunkSize, "white space"),
        RefusedRow("9112 7.1.1", chunks: "1;a=b \r\nx\r\n", .invalidChunkSize, "white space"),
        RefusedRow("9112 7.1.1", chunks: "1;[\r\nx\r\n", .invalidChunkSize, "no token"),
        RefusedRow("9112 7.1.1", chunks: "1;a=\"\u{0}\"\r\nx\r\n", .invalidChunkSize, "NUL"),
        RefusedRow("9112 7.1.1", chunks: "1;a=\"\\\u{0}\"\r\nx\r\n", .invalidChunkSize, "NUL"),
    ]
}
