/// What a head says about what follows it: where the body ends, and whether the connection goes on.
package struct MessageFraming: Sendable {
    package enum Body: Hashable, Sendable {
        case none
        case length(Int)
        case chunked
    }

    package let body: Body
    /// The client means to send another request (RFC 9112 9.3).
    package let keepsAlive: Bool
    /// The client waits for 100 (Continue) before it sends the body (RFC 9110 10.1.1).
    package let expectsContinue: Bool

    /// Refuses every head that two servers might frame differently.
    init(
        _ fields: Fields, version: Version, limits: MessageLimits
    ) throws(RequestError) {
        let found = FramingLines(fields)
        try Self.checkHost(found.host, fields, version)
        body = try Self.body(found, fields, version, limits)
        expectsContinue = try Self.expectsContinue(found.expect, fields, version)
        keepsAlive = Self.keepsAlive(found.connection, fields, version)
    }

    /// Exactly one Host, and a valid one; HTTP/1.0 may lack it (RFC 9112 3.2).
    private static func checkHost(
        _ hosts: [Fields.Line], _ fields: Fields, _ version: Version
    ) throws(RequestError) {
        guard let host = hosts.first else {
            guard version < .http11 else { throw .missingHost }
            return
        }
        guard hosts.count == 1 else { throw .repeatedHost }
        guard Authority.isValid(fields.bytes[host.value]) else { throw .invalidHost }
    }

    /// RFC 9112 6.3, stricter wherever it leaves a choice.
    private static func body(
        _ found: FramingLines, _ fields: Fields, _ version: Version, _ limits: MessageLimits
    ) throws(RequestError) -> Body {
        let (codings, lengths) = (found.transferEncoding, found.contentLength)

        // 1. Neither: there is no body.
        if codings.isEmpty && lengths.isEmpty { return .none }

        // 2. Transfer-Encoding: HTTP/1.1, no Content-Length beside it, chunked and nothing else.
        if !codings.isEmpty {
            guard version >= .http11 else { throw .transferEncodingInHTTP10 }
            guard lengths.isEmpty else { throw .transferEncodingWithContentLength }
            try checkCodings(codings.flatMap(fields.members))
            return .chunked
        }

        // 3. Content-Length: once, or the same value again and again (RFC 9110 8.6).
        let length = try contentLength(lengths.flatMap(fields.members))
        guard length <= limits.bodyBytes else { throw .bodyTooLarge }
        return length == 0 ? .none : .length(length)
    }

    private static func checkCodings(_ codings: [ArraySlice<UInt8>]) throws(RequestError) {
        for coding in codings where !coding.isWord("chunked") {
            let name = coding.prefix(while: ByteSet.token.contains)
            guard name.isEmpty || name.isWord("chunked") else { throw .unsupportedTransferCoding }
            throw .invalidTransferEncoding
        }
        guard codings.count == 1 else { throw .invalidTransferEncoding }
    }

    /// A length beyond Int counts as the largest: it is too large whatever the limit is.
    private static func contentLength(_ values: [ArraySlice<UInt8>]) throws(RequestError) -> Int {
        var length: Int?
        for value in values {
            guard !value.isEmpty, value.allSatisfy(ASCII.isDigit) else {
                throw .invalidContentLength
            }
            let number = Int(String(decoding: value, as: UTF8.self)) ?? .max
            guard length == nil || length == number else { throw .conflictingContentLengths }
            length = number
        }
        guard let length else { throw .invalidContentLength }
        return length
    }

    private static func expectsContinue(
        _ lines: [Fields.Line], _ fields: Fields, _ version: Version
    ) throws(RequestError) -> Bool {
        // An HTTP/1.0 client cannot know what a 100 is (RFC 9110 10.1.1).
        guard !lines.isEmpty, version >= .http11 else { return false }
        guard lines.flatMap(fields.members).allSatisfy({ $0.isWord("100-continue") }) else {
            throw .unsupportedExpectation
        }
        return true
    }

    private static func keepsAlive(
        _ lines: [Fields.Line], _ fields: Fields, _ version: Version
    ) -> Bool {
        guard !lines.isEmpty else { return version >= .http11 }
        let options = lines.flatMap(fields.members)
        guard !options.contains(where: { $0.isWord("close") }) else { return false }
        return version >= .http11 || options.contains { $0.isWord("keep-alive") }
    }
}

/// The lines of a head that framing rests on, found in one walk over it.
private struct FramingLines {
    var host: [Fields.Line] = []
    var expect: [Fields.Line] = []
    var connection: [Fields.Line] = []
    var contentLength: [Fields.Line] = []
    var transferEncoding: [Fields.Line] = []

    /// The length of a name rules out nearly every other before a byte is compared.
    init(_ fields: Fields) {
        for line in fields.lines {
            switch line.name.count {
            case 4 where fields.isNamed("host", line): host.append(line)
            case 6 where fields.isNamed("expect", line): expect.append(line)
            case 10 where fields.isNamed("connection", line): connection.append(line)
            case 14 where fields.isNamed("content-length", line): contentLength.append(line)
            case 17 where fields.isNamed("transfer-encoding", line): transferEncoding.append(line)
            default: continue
            }
        }
    }
}
