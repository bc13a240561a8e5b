import HTTP
import Testing

@Suite struct PrecedenceTests {
    /// A request in parts, every one of them wrong at first.
    private struct Draft {
        var emptyLines = "\r\n\r\n\r\n"
        var method = "G@T"
        var target = "/<>"
        var version = "HTTP/x"
        var lines = [" folded", "A:", "B:", "C:", "D:", "bad", "bad"]

        var text: String {
            "\(emptyLines)\(method) \(target) \(version)\r\n"
                + lines.map { $0 + "\r\n" }.joined() + "\r\n"
        }
    }

    @Test func `the first fault is the one that is told, rung by rung`() {
        let rungs: [(RequestError, mend: (inout Draft) -> Void)] = [
            (.tooManyEmptyLines, { $0.emptyLines = "\r\n" }),
            (.invalidMethod, { $0.method = "OVERLYLONG" }),
            (.methodTooLong, { $0.method = "POST" }),
            (.invalidTarget, { $0.target = "/" + String(repeating: "x", count: 40) }),
            (.targetTooLong, { $0.target = "*" }),
            (.invalidVersion, { $0.version = "HTTP/2.0" }),
            (.unsupportedVersion, { $0.version = "HTTP/1.1" }),
            (.unsuitableTarget, { $0.target = "/" }),
            (.foldedField, { $0.lines[0] = "X: y" }),
            (.invalidFieldName, { $0.lines[5] = "Y: \u{0}" }),
            (.invalidFieldValue, { $0.lines[5] = "E:" }),
            (.tooManyFields, { $0.lines = ["Transfer-Encoding: gzip", "Content-Length: 9"] }),
            (.missingHost, { $0.lines += ["Host: @", "Host: @"] }),
            (.repeatedHost, { $0.lines.removeLast() }),
            (
                .invalidHost,
                {
                    $0.lines[2] = "Host: a"; $0.version = "HTTP/1.0"
                }
            ),
            (.transferEncodingInHTTP10, { $0.version = "HTTP/1.1" }),
            (.transferEncodingWithContentLength, { $0.lines[1] = "Expect: a-pony" }),
            (.invalidTransferEncoding, { $0.lines[0] = "Transfer-Encoding: gzip, chunked" }),
            (
                .unsupportedTransferCoding,
                { $0.lines[0] = "Content-Length: 9x\r\nContent-Length: 9x" }
            ),
            (.repeatedContentLength, { $0.lines[0] = "Content-Length: 9x" }),
            (.invalidContentLength, { $0.lines[0] = "Content-Length: 99" }),
            (.bodyTooLarge, { $0.lines[0] = "Content-Length: 0" }),
            (.unsupportedExpectation, { $0.lines[1] = "Expect: 100-continue" }),
        ]
        var draft = Draft()
        for (error, mend) in rungs {
            #expect(Reading(draft.text).refusal == error)
            mend(&draft)
        }
        #expect(Reading(draft.text).requests.count == 1)
    }

    @Test(arguments: RequestError.allCases)
    func `every error has a status of its class and a sentence`(error: RequestError) {
        #expect([400, 408, 413, 414, 417, 431, 501, 503, 505].contains(error.status.code))
        #expect(error.explanation.hasSuffix("."))
        #expect(error.explanation.count > 30)
    }
}
