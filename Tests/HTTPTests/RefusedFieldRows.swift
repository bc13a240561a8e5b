import HTTP

extension RefusedRow {
    static let fieldNames = [
        RefusedRow("9112 5.1", line: "X : y", .invalidFieldName),
        RefusedRow("9112 5.1", line: "X\t: y", .invalidFieldName),
        RefusedRow("9112 5.1", line: "Host : a", .invalidFieldName),
        RefusedRow("9110 5.1", line: ": y", .invalidFieldName),
        RefusedRow("9112 5", line: "no colon", .invalidFieldName),
        RefusedRow("9112 5", line: "X", .invalidFieldName),
        RefusedRow("9110 5.1", line: "X(y): z", .invalidFieldName),
        RefusedRow("9110 5.1", line: "[X]: z", .invalidFieldName),
        RefusedRow("9110 5.1", line: "\"X\": z", .invalidFieldName),
        RefusedRow("9110 5.1", line: "X/y: z", .invalidFieldName),
        RefusedRow("9110 5.1", line: "Ü: y", .invalidFieldName),
        RefusedRow("9110 5.1", line: "X\u{0}: y", .invalidFieldName),
        RefusedRow("9110 5.1", line: "X\u{B}: y", .invalidFieldName),
        RefusedRow("9110 5.1", line: "X\u{7F}: y", .invalidFieldName),
        RefusedRow("9110 5.1", line: "\u{FEFF}X: y", .invalidFieldName),
    ]

    static let fieldValues = [
        RefusedRow("9110 5.5", line: "X: a\u{0}b", .invalidFieldValue),
        RefusedRow("9110 5.5", line: "X: \u{0}", .invalidFieldValue),
        RefusedRow("9110 5.5", line: "X: a\u{1}b", .invalidFieldValue),
        RefusedRow("9110 5.5", line: "X: a\u{8}b", .invalidFieldValue),
        RefusedRow("9110 5.5", line: "X: a\u{B}b", .invalidFieldValue),
        RefusedRow("9110 5.5", line: "X: a\u{C}b", .invalidFieldValue),
        RefusedRow("9110 5.5", line: "X: a\u{1B}b", .invalidFieldValue),
        RefusedRow("9110 5.5", line: "X: a\u{7F}b", .invalidFieldValue),
        RefusedRow("9112 5.2", line: "X: a\r\n folded", .foldedField),
        RefusedRow("9112 5.2", line: "X: a\r\n\tfolded", .foldedField),
        RefusedRow("9112 5.2", line: "X:\r\n a", .foldedField),
        RefusedRow("9112 5.2", line: "X: a\r\n ", .foldedField),
        RefusedRow(
            "9112 2.2", "white space before the first field",
            "GET / HTTP/1.1\r\n X: y\r\nHost: a\r\n\r\n", .foldedField),
        RefusedRow(
            "9112 2.2", "a tab before the first field",
            "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n", .foldedField),
    ]

    static let lineEnds = [
        RefusedRow("9112 2.2", line: "X: a\nY: b", .invalidLineEnd),
        RefusedRow("9112 2.2", line: "X: a\rY: b", .invalidLineEnd),
        RefusedRow("9112 2.2", line: "X: a\r\r\nY: b", .invalidLineEnd),
        RefusedRow("9112 2.2", line: "X: a\r", .invalidLineEnd),
        RefusedRow("9112 2.2", line: "\nX: b", .invalidLineEnd),
        RefusedRow("9112 2.2", line: "\rX: b", .invalidLineEnd),
        RefusedRow("9112 2.2", line: "X\n: b", .invalidFieldName),
        RefusedRow("9112 2.2", line: "X\r: b", .invalidFieldName),
        RefusedRow(
            "9112 2.2", "bare LF throughout", "GET / HTTP/1.1\nHost: a\n\n", .invalidLineEnd),
        RefusedRow(
            "9112 2.2", "bare CR throughout", "GET / HTTP/1.1\rHost: a\r\r", .invalidLineEnd),
        RefusedRow(
            "9112 2.2", "LF CR for CR LF", "GET / HTTP/1.1\n\rHost: a\n\r\n\r", .invalidLineEnd),
        RefusedRow(
            "9112 2.2", "bare LF after the request line",
            "GET / HTTP/1.1\nHost: a\r\n\r\n", .invalidLineEnd),
        RefusedRow(
            "9112 2.2", "bare LF before the request line",
            "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidLineEnd),
        RefusedRow(
            "9112 2.2", "bare CR before the request line",
            "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .invalidLineEnd),
        RefusedRow(
            "9112 2.2", "bare LF for the empty line",
            "GET / HTTP/1.1\r\nHost: a\r\n\n", .invalidLineEnd),
        RefusedRow(
            "9112 2.2", "bare CR for the empty line",
            "GET / HTTP/1.1\r\nHost: a\r\n\rX", .invalidLineEnd),
        RefusedRow("9112 3.2", requestLine: "GET /a\rb HTTP/1.1", .invalidTarget),
        RefusedRow("9112 3.2", requestLine: "GET /a\nb HTTP/1.1", .invalidTarget),
    ]

    static let hosts =
        [
            "", "a b", "a,b c", "a, b", "a/", "a/b", "a?b", "a\\b", "http://a", "<a>", "\"a\"",
        ].map { RefusedRow("9110 7.2", host: $0) }
        + ["@a", "a@", "user@a", "u:p@a"].map { RefusedRow("9110 4.2.4", host: $0) }
        + [":", ":80"].map { RefusedRow("9110 4.2.1", host: $0) }
        + ["a:b", "a:-1", "a:+1", "a: 80", "a:80:80", "a:65536", "a:99999", "a:000080"]
        .map { RefusedRow("3986 3.2.3", host: $0) }
        + ["a,b", "a,", ",a", "a,b:80", "a:80,b"].map { RefusedRow("3986 3.2.2", host: $0) }
        + ["ü", "a%", "a%4", "a%zz", "::1", "[", "[]", "[::1", "::1]", "[::1]x", "[::1]:x"]
        .map { RefusedRow("3986 3.2.2", host: $0) }
        + addresses.map { RefusedRow("3986 3.2.2", host: "[\($0)]") } + hostLines

    /// What is no address between brackets.
    private static let addresses = [
        "a", ":", ":::", "1", "1::2::3", "::1:", ":1::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
        "1:2:3:4::5:6:7:8", "::12345", "::g", "1.2.3.4", "::1.2.3", "::1.2.3.4.5", "::1.2.3.256",
        "::1.2.3.04", "::1..2.3", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%25eth0",
        "::1%eth0", "v1", "v1.", "v.x", "vg.x", "v1.[", "v1.%41",
    ]

    private static let hostLines = [
        RefusedRow("9112 3.2", "no Host", "GET / HTTP/1.1\r\n\r\n", .missingHost),
        RefusedRow("9112 3.2", "no Host in HTTP/1.2", "GET / HTTP/1.2\r\n\r\n", .missingHost),
        RefusedRow("9112 3.2", line: "Host: b", .repeatedHost),
        RefusedRow("9112 3.2", line: "Host: a", .repeatedHost),
        RefusedRow("9112 3.2", line: "hOST: a", .repeatedHost),
        RefusedRow("9112 3.2", line: "Host:", .repeatedHost),
        RefusedRow(
            "9112 3.2", "two hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n",
            .repeatedHost),
        RefusedRow(
            "9112 3.2", "no host at all in HTTP/1.0", "GET / HTTP/1.0\r\nHost:\r\n\r\n",
            .invalidHost),
        RefusedRow(
            "9112 3.2", "the absolute form does not mend a Host that is missing",
            "GET http://a/ HTTP/1.1\r\n\r\n", .missingHost),
        RefusedRow(
            "9112 3.2", "nor one that is invalid", "GET http://a/ HTTP/1.1\r\nHost: @\r\n\r\n",
            .invalidHost),
        RefusedRow(
            "9112 3.2", "nor two", "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            .repeatedHost),
    ]
}
