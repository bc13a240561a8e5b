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
        keepsAlive = Self.keepsAlive(hasConnection: found.hasConnection, fields, version)
    }

    /// Exactly one Host, and a valid one; HTTP/1.0 may lack it (RFC 9112 3.2).
    private static func checkHost(
        _ found: FramingLines.Single, _ fields: Fields, _ version: Version
    ) throws(RequestError) {
        guard let host = found.line else {
            guard version < .http11 else { throw .missingHost }
            return
        }
        guard !found.isRepeated else { throw .repeatedHost }
        guard Authority.isValid(fields.bytes[host.value]) else { throw .invalidHost }
    }

    /// RFC 9112 6.3, stricter wherever it leaves a choice.
    private static func body(
        _ found: FramingLines, _ fields: Fields, _ version: Version, _ limits: MessageLimits
    ) throws(RequestError) -> Body {
        let (codings, length) = (found.transferEncoding, found.contentLength)

        // 1. Neither: there is no body.
        if codings.isEmpty && length.line == nil { return .none }

        // 2. Transfer-Encoding: HTTP/1.1, no Content-Length beside it, chunked and nothing else.
        if !codings.isEmpty {
            guard version >= .http11 else { throw .transferEncodingInHTTP10 }
            guard length.line == nil else { throw .transferEncodingWithContentLength }
            try checkCodings(codings.flatMap(fields.members))
            return .chunked
        }

        // 3. Content-Length: once. The same value twice could be taken (RFC 9110 8.6); it is not.
        guard let line = length.line, !length.isRepeated else { throw .repeatedContentLength }
        let bytes = try contentLength(fields.bytes[line.value])
        guard bytes <= limits.bodyBytes else { throw .bodyTooLarge }
        return bytes == 0 ? .none : .length(bytes)
    }

    /// `chunked` once and at the end, or nobody knows where the body ends; before it nothing that
    /// would have to be understood. Empty members, which other lists may have, are refused too.
    private static func checkCodings(_ codings: [ArraySlice<UInt8>]) throws(RequestError) {
        let others = codings.dropLast()
        guard let last = codings.last, last.isWord("chunked"), others.allSatisfy(isOther) else {
            throw .invalidTransferEncoding
        }
        guard others.isEmpty else { throw .unsupportedTransferCoding }
    }

    /// A coding with or without parameters, but not chunked.
    private static func isOther(_ coding: ArraySlice<UInt8>) -> Bool {
        let name = coding.prefix(while: ByteSet.token.contains)
        return !name.isEmpty && !name.isWord("chunked")
    }

    /// Digits alone, without a zero before others, which some read as octal. A length beyond Int
    /// counts as the largest: it is too large whatever the limit is.
    private static func contentLength(_ digits: ArraySlice<UInt8>) throws(RequestError) -> Int {
        guard !digits.isEmpty, digits.allSatisfy(ASCII.isDigit),
            digits.count == 1 || digits.first != UInt8(ascii: "0")
        else { throw .invalidContentLength }
        return Int(String(decoding: digits, as: UTF8.self)) ?? .max
    }

    private static func expectsContinue(
        _ lines: [Fields.Line], _ fields: Fields, _ version: Version
    ) throws(RequestError) -> Bool {
        // An HTTP/1.0 client cannot know what a 100 is (RFC 9110 10.1.1).
        guard !lines.isEmpty, version >= .http11 else { return false }
        let expectations = lines.flatMap(fields.members).filter { !$0.isEmpty }
        guard expectations.allSatisfy({ $0.isWord("100-continue") }) else {
            throw .unsupportedExpectation
        }
        return !expectations.isEmpty
    }

    /// Most clients send this field, so its options are looked at where they stand.
    private static func keepsAlive(
        hasConnection: Bool, _ fields: Fields, _ version: Version
    ) -> Bool {
        var isKept = version >= .http11
        guard hasConnection else { return isKept }
        for line in fields.lines where fields.isNamed(.connection, line) {
            for option in fields.members(of: line) {
                if option.isWord("close") { return false }
                if option.isWord("keep-alive") { isKept = true }
            }
        }
        return isKept
    }
}

/// The lines of a head that framing rests on, found in one walk over it.
private struct FramingLines {
    /// A field that may stand in a head once.
    struct Single {
        private(set) var line: Fields.Line?
        private(set) var isRepeated = false

        mutating func note(_ line: Fields.Line) {
            if self.line == nil { self.line = line } else { isRepeated = true }
        }
    }

    var host = Single()
    var contentLength = Single()
    // Lists, which may be cut into several lines.
    var expect: [Fields.Line] = []
    var hasConnection = false
    var transferEncoding: [Fields.Line] = []

    /// The length of a name rules out nearly every other before a byte is compared.
    init(_ fields: Fields) {
        for line in fields.lines {
            switch line.name.count {
            case 4 where fields.isNamed(.host, line): host.note(line)
            case 6 where fields.isNamed(.expect, line): expect.append(line)
            case 10 where fields.isNamed(.connection, line): hasConnection = true
            case 14 where fields.isNamed(.contentLength, line): contentLength.note(line)
            case 17 where fields.isNamed(.transferEncoding, line): transferEncoding.append(line)
            default: continue
            }
        }
    }
}
