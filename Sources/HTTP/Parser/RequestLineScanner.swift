// Reads `method SP request-target SP HTTP-version CRLF` (RFC 9112 3).
//
//   method ── SP ──> target ── SP ──> version ── CR LF ──> done
//
// Each byte is looked at once, however the bytes are cut: `cursor` is the next one, `mark` the
// first of the word it stands in, both counted from the first unread byte of the buffer. A state
// that runs out of bytes returns false and is entered again with more of them. No decision rests on
// how many bytes are there, only on what they are.

struct RequestLine: Sendable {
    var method: Method
    var target: RequestTarget
    var version: Version
}

struct RequestLineScanner: Sendable {
    private enum State { case method, target, version }

    private let limits: MessageLimits
    private var state = State.method
    private var mark = 0
    private var target = 0..<0
    /// Where the next byte to look at is; behind the line, once `scan` has returned it.
    private(set) var cursor = 0
    /// Known before the rest is: an answer to HEAD has no body even when the head was refused.
    private(set) var method: Method?

    init(limits: MessageLimits) {
        self.limits = limits
    }

    /// The line, or nil while more bytes are needed.
    mutating func scan(_ buffer: InputBuffer) throws(RequestError) -> RequestLine? {
        if state == .method {
            guard try scanMethod(buffer) else { return nil }
        }
        if state == .target {
            guard try scanTarget(buffer) else { return nil }
        }
        guard let method, let version = try scanVersion(buffer) else { return nil }
        // What the target means is asked when its line has ended well.
        return RequestLine(
            method: method, target: try RequestTarget(buffer.copy(target), for: method),
            version: version)
    }

    /// The line without its end, once the target is known; its version is a guess.
    func lineSoFar(_ buffer: InputBuffer) -> RequestLine? {
        guard state == .version, let method else { return nil }
        do throws(RequestError) {
            let target = try RequestTarget(buffer.copy(target), for: method)
            return RequestLine(method: method, target: target, version: .http11)
        } catch {
            // A target that means nothing names nothing.
            return nil
        }
    }

    private mutating func scanMethod(_ buffer: InputBuffer) throws(RequestError) -> Bool {
        let end = min(buffer.count, limits.methodBytes + 1)
        cursor = buffer.endOfRun(of: .token, from: cursor, to: end)
        guard cursor <= limits.methodBytes else { throw .methodTooLong }
        guard cursor < buffer.count else { return false }
        guard cursor > 0, buffer[cursor] == ASCII.space else { throw .invalidMethod }
        method = Method(token: buffer.text(0..<cursor))
        advance(to: .target)
        return true
    }

    private mutating func scanTarget(_ buffer: InputBuffer) throws(RequestError) -> Bool {
        let end = min(buffer.count, mark + limits.targetBytes + 1)
        cursor = buffer.endOfRun(of: .target, from: cursor, to: end)
        guard cursor - mark <= limits.targetBytes else { throw .targetTooLong }
        guard cursor < buffer.count else { return false }
        guard cursor > mark, buffer[cursor] == ASCII.space else { throw .invalidTarget }
        target = mark..<cursor
        advance(to: .version)
        return true
    }

    /// Passes the space behind a word.
    private mutating func advance(to next: State) {
        cursor += 1
        mark = cursor
        state = next
    }

    /// `HTTP/` in capitals, a digit, a dot, a digit (RFC 9112 2.3), and the end of the line.
    private mutating func scanVersion(_ buffer: InputBuffer) throws(RequestError) -> Version? {
        let end = mark + "HTTP/1.1".utf8.count
        while cursor < min(end, buffer.count) {
            guard Self.version(buffer[cursor], fitsAt: cursor - mark) else { throw .invalidVersion }
            cursor += 1
        }
        switch try buffer.lineEnd(at: cursor, before: buffer.count) {
        case .undecided: return nil
        case .absent: throw .invalidVersion
        case .present: cursor += 2
        }
        let zero = UInt8(ascii: "0")
        let major = Int(buffer[end - 3] - zero)
        guard major == 1 else { throw .unsupportedVersion }
        return Version(major: major, minor: Int(buffer[end - 1] - zero))
    }

    private static func version(_ byte: UInt8, fitsAt offset: Int) -> Bool {
        switch offset {
        case 0: byte == UInt8(ascii: "H")
        case 1, 2: byte == UInt8(ascii: "T")
        case 3: byte == UInt8(ascii: "P")
        case 4: byte == UInt8(ascii: "/")
        case 6: byte == UInt8(ascii: ".")
        default: ASCII.isDigit(byte)
        }
    }
}
