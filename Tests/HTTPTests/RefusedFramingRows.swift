import HTTP

extension RefusedRow {
    static let lengths =
        [
            "", "-1", "-0", "+1", "+0", "0x1", "0o1", "1 1", "1\t1", "1_0", "1e1", "1.0", "1;x",
            "\"1\"", "x", "1x", "1,", ",1", "1,1", "1, 1", "1, 2", "00", "01", "010", "١",
        ].map { RefusedRow("9112 6.3", line: "Content-Length: \($0)", .invalidContentLength) }
        + ["Content-Length: 1", "content-length: 1", "Content-Length: 2", "Content-Length:"]
        .map {
            RefusedRow("9112 6.3", line: "Content-Length: 1\r\n\($0)", .repeatedContentLength)
        }
        + ["9223372036854775808", "18446744073709551616", "18446744073709551617"].map {
            RefusedRow("9110 8.6", line: "Content-Length: \($0)", .bodyTooLarge)
        } + [
            RefusedRow(
                "9110 8.6", line: "Content-Length: \(String(repeating: "9", count: 99))",
                .bodyTooLarge)
        ]

    static let codings =
        [
            "", ",", ", chunked", "chunked,", "chunked, , chunked", "chunked, chunked",
            "chunked, identity", "chunked, gzip", "identity", "gzip", "xchunked", "chunkedx",
            "chunke", "chunked chunked", "chunked;x=y", "chunked;", "\"chunked\"", "'chunked'",
            "chunked\"", "@", "chunkeđ", "gzip, chunked, chunked", "@, chunked", "; , chunked",
        ].map { RefusedRow("9112 6.3", line: "Transfer-Encoding: \($0)", .invalidTransferEncoding) }
        + ["gzip, chunked", "x;q=1, chunked", "identity, chunked", "gzip, deflate, chunked"].map {
            RefusedRow("9112 6.1", line: "Transfer-Encoding: \($0)", .unsupportedTransferCoding)
        }
        + ["chunked", "gzip", ""].map {
            RefusedRow(
                "9112 6.1", "\($0.debugDescription) in HTTP/1.0",
                "POST / HTTP/1.0\r\nTransfer-Encoding: \($0)\r\n\r\n0\r\n\r\n",
                .transferEncodingInHTTP10)
        }

    static let expectations = [
        RefusedRow("9110 10.1.1", line: "Expect: a-pony", .unsupportedExpectation),
        RefusedRow("9110 10.1.1", line: "Expect: 100-continue, x", .unsupportedExpectation),
        RefusedRow("9110 10.1.1", line: "Expect: y 100-continue", .unsupportedExpectation),
        RefusedRow("9110 10.1.1", line: "Expect: 100-continue;a=b", .unsupportedExpectation),
        RefusedRow("9110 10.1.1", line: "Expect: 100-continue=1", .unsupportedExpectation),
        RefusedRow("9110 10.1.1", line: "Expect: \"100-continue\"", .unsupportedExpectation),
        RefusedRow("9110 10.1.1", line: "Expect: 100", .unsupportedExpectation),
        RefusedRow(
            "9110 10.1.1", line: "Expect: 100-continue\r\nExpect: x", .unsupportedExpectation),
    ]

    static let chunks = [
        RefusedRow("9112 7.1", chunks: "\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: ";a\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "g\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1g\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "-1\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "+1\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "+0\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "0x1\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1_0\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1.0\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: " 1\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "\t1\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1 \r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1\t\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "0 \r\n\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1 1\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1\u{0}\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "1\u{B}\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "١\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "00000000000000001\r\n", .invalidChunkSize),
        RefusedRow("9112 7.1", chunks: "7FFFFFFFFFFFFFFF\r\n", .bodyTooLarge),
        RefusedRow("9112 7.1", chunks: "FFFFFFFFFFFFFFFF\r\n", .bodyTooLarge),
        RefusedRow("9112 7.1", chunks: "FFFFFFFFFFFFFFFE\r\n", .bodyTooLarge),
        RefusedRow("9112 7.1", chunks: "1\r\nx\r\n8000000000000000\r\n", .bodyTooLarge),
        RefusedRow("9112 2.2", chunks: "1\nx\r\n", .invalidLineEnd),
        RefusedRow("9112 2.2", chunks: "1\rx\r\n", .invalidLineEnd),
        RefusedRow("9112 7.1", chunks: "1\r\nxy\r\n", .invalidChunkEnd),
        RefusedRow("9112 7.1", chunks: "1\r\nx\n0\r\n\r\n", .invalidChunkEnd),
        RefusedRow("9112 7.1", chunks: "1\r\nx\r0\r\n\r\n", .invalidChunkEnd),
        RefusedRow("9112 7.1", chunks: "2\r\nx\r\n0\r\n\r\n", .invalidChunkEnd),
        RefusedRow("9112 7.1.2", chunks: "0\r\nX : y\r\n\r\n", .invalidFieldName),
        RefusedRow("9112 7.1.2", chunks: "0\r\nGET / HTTP/1.1\r\n\r\n", .invalidFieldName),
        RefusedRow("9112 7.1.2", chunks: "0\r\n folded\r\n\r\n", .foldedField),
        RefusedRow("9112 7.1.2", chunks: "0\r\nX: y\r\n folded\r\n\r\n", .foldedField),
        RefusedRow("9112 7.1.2", chunks: "0\r\nX: \u{0}\r\n\r\n", .invalidFieldValue),
        RefusedRow("9112 7.1.2", chunks: "0\r\nX: y\n\r\n", .invalidLineEnd),
    ]
}
