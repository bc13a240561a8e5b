import HTTP

extension RefusedRow {
    /// Requests that two servers in a row have been made to end at different places. Every one of
    /// them is refused, so that what follows is never read.
    static let smuggling = [
        RefusedRow(
            line: "Content-Length: 4\r\nTransfer-Encoding: chunked", "CL.TE, 9112 6.3",
            .transferEncodingWithContentLength),
        RefusedRow(
            line: "Transfer-Encoding: chunked\r\nContent-Length: 4", "TE.CL, 9112 6.3",
            .transferEncodingWithContentLength),
        RefusedRow(
            line: "Transfer-Encoding: chunked\r\nContent-Length: 0", "TE.0, 9112 6.3",
            .transferEncodingWithContentLength),
        RefusedRow(
            line: "Transfer-Encoding: xchunked\r\nContent-Length: 4", "TE.CL, 9112 6.3",
            .transferEncodingWithContentLength),
        RefusedRow(
            line: "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", "TE.TE, 9112 6.1",
            .unsupportedTransferCoding),
        RefusedRow(
            line: "Transfer-Encoding: chunked, identity", "TE.TE, 9112 6.3",
            .unsupportedTransferCoding),
        RefusedRow(
            line: "Transfer-Encoding: chunked, chunked", "TE.TE, 9112 7.1",
            .invalidTransferEncoding),
        RefusedRow(
            line: "Transfer-Encoding: chunked\r\nTransfer-encoding: chunked", "TE.TE, 9112 7.1",
            .invalidTransferEncoding),
        RefusedRow(
            line: "Transfer-Encoding: chunked;x=y", "TE.TE, 9112 7",
            .invalidTransferEncoding),
        RefusedRow(
            line: "Transfer-Encoding: \"chunked\"", "TE.TE, 9112 7",
            .invalidTransferEncoding),
        RefusedRow(
            line: "Transfer-Encoding: , chunked", "TE.TE, 9112 7",
            .invalidTransferEncoding),
        RefusedRow(
            line: "Transfer-Encoding: xchunked", "TE.TE, 9112 6.1",
            .unsupportedTransferCoding),
        RefusedRow(line: "Transfer-Encoding: \u{B}chunked", "TE.TE, 9110 5.5", .invalidFieldValue),
        RefusedRow(line: "Transfer-Encoding : chunked", "TE.TE, 9112 5.1", .invalidFieldName),
        RefusedRow(line: "Transfer-Encoding\r\n: chunked", "TE.TE, 9112 5.1", .invalidFieldName),
        RefusedRow(line: "Transfer-Encoding:\r\n chunked", "TE.TE, 9112 5.2", .foldedField),
        RefusedRow(line: "X: y\r\n Transfer-Encoding: chunked", "TE.TE, 9112 5.2", .foldedField),
        RefusedRow(line: "X: y\rTransfer-Encoding: chunked", "TE.TE, 9112 2.2", .invalidLineEnd),
        RefusedRow(line: "X: y\nTransfer-Encoding: chunked", "TE.TE, 9112 2.2", .invalidLineEnd),
        RefusedRow(
            "Transfer-Encoding in HTTP/1.0", "9112 6.1",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .transferEncodingInHTTP10),
        RefusedRow(
            line: "Content-Length: 4\r\nContent-Length: 5", "CL.CL, 9112 6.3",
            .conflictingContentLengths),
        RefusedRow(
            line: "Content-Length: 0\r\nContent-Length: 05", "CL.CL, 9112 6.3",
            .conflictingContentLengths),
        RefusedRow(
            line: "Content-Length: 4\r\ncontent-length: x", "CL.CL, 9110 8.6",
            .invalidContentLength),
        RefusedRow(line: "Content-Length : 4", "CL.CL, 9112 5.1", .invalidFieldName),
        RefusedRow(line: "Content-Length:\r\n 4", "CL.CL, 9112 5.2", .foldedField),
        RefusedRow(line: "Content-Length: 4\u{0}", "CL.CL, 9110 5.5", .invalidFieldValue),
        RefusedRow(chunks: "5;\nxxxxx\r\n0\r\n\r\n", "TERM.EXT, 9112 7.1.1", .invalidLineEnd),
        RefusedRow(chunks: "5;\rxxxxx\r\n0\r\n\r\n", "TERM.EXT, 9112 7.1.1", .invalidLineEnd),
        RefusedRow(chunks: "1\r\nx0\r\n\r\n", "chunk too short, 9112 7.1", .invalidChunkEnd),
        RefusedRow(chunks: "0\r\n\nGET / HTTP/1.1\r\n", "chunk end, 9112 7.1.2", .invalidLineEnd),
        RefusedRow(
            "two hosts", "9112 3.2", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            .repeatedHost),
        RefusedRow(
            "the absolute form does not mend a Host that is missing", "9112 3.2",
            "GET http://a/ HTTP/1.1\r\n\r\n", .missingHost),
    ]
}
