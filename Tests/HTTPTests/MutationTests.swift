import HTTP
import Testing

@Suite struct MutationTests {
    private static let casesOfASeed = 1500
    private static let corpus =
        AcceptedRow.all.map(\.bytes) + RefusedRow.all.map(\.bytes) + [latin]
    /// A value that is no UTF-8, in a head that Host is added to.
    private static let latin =
        Array("GET http://a/ HTTP/1.0\r\nX: caf".utf8) + [0xE9]
        + Array("\r\n\r\n".utf8)

    /// Words and bytes that mean something to some state of the parser.
    private static let tokens = [
        "\r\n", "\r\n\r\n", "\r", "\n", " ", "\t", "\0", "\u{7F}", "ü", ":", ";", ",", "=", "%",
        "\"", "\\", "/", "*", "0", "9", "a", "f", "F", "0\r\n\r\n", "1\r\nx\r\n", ";a=\"b\"",
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "CONNECT a:1", "http://a/", "HTTP/1.0", "HTTP/1.9",
        "Host: b\r\n", "Content-Length: 3\r\n", "Content-Length: 33\r\n", "Connection: close\r\n",
        "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", " chunked", "keep-alive",
    ]

    @Test(arguments: Array(1...16) as [UInt64])
    func `anything at all is read or refused, the same however it is cut`(seed: UInt64) {
        var mutator = ByteMutator(seed: seed, corpus: Self.corpus, tokens: Self.tokens)
        for _ in 0..<Self.casesOfASeed {
            let bytes = mutator.next(rows: 1...2)
            guard RequestProperties.broken(by: bytes, limits: .tight) != nil else { continue }
            let least = ByteMutator.shrunken(bytes) {
                RequestProperties.broken(by: $0, limits: .tight) != nil
            }
            let fault = RequestProperties.broken(by: least, limits: .tight) ?? ""
            Issue.record("seed \(seed), \(least.readable): \(fault)")
            return
        }
    }
}
