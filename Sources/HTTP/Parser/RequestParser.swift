// Bytes in, typed events out: the protocol as a machine without I/O.
//
//   emptyLines ──> requestLine ──> fields ──> body ──> emptyLines ...
//                       │            │  └─ .head    └─ .body
//                       └────────────┴──────┴──> a RequestError, and nothing after it
//
// Each state has a scanner of its own, which takes up where it stopped when more bytes arrive; the
// parser cuts what was scanned off the buffer and makes values of it. The events are the same
// however the bytes are cut. A body of any framing is collected whole, within its limit. After an
// error the parser is done for: what follows could be anything, and reading it as a request is how
// requests are smuggled.

/// Reads the requests of one connection (RFC 9112).
package struct RequestParser: Sendable {
    package enum Event: Sendable {
        case head(RequestHead, MessageFraming)
        /// Follows every head; empty where the request has no body.
        case body([UInt8])
    }

    private enum State { case emptyLines, requestLine, fields, body }

    private let limits: MessageLimits
    private var buffer = InputBuffer()
    private var state = State.emptyLines
    private var failure: RequestError?
    private var headAtFailure: RequestHead?

    private var emptyLineCount = 0
    private var lineScanner: RequestLineScanner
    private var requestLine: RequestLine?
    private var fieldScanner: FieldSectionScanner
    private var content: [UInt8] = []
    private var remaining = 0
    private var chunkedDecoder: ChunkedDecoder?

    package init(limits: MessageLimits = MessageLimits()) {
        self.limits = limits
        lineScanner = RequestLineScanner(limits: limits)
        fieldScanner = Self.fieldScanner(limits)
    }

    /// Nothing of the next request has arrived.
    package var isIdle: Bool { state == .emptyLines && buffer.isEmpty }
    /// What has arrived and was not used yet, in bytes.
    package var bufferedCount: Int { buffer.count }
    /// What has arrived of the body that is being read, in bytes.
    var bodyCount: Int { content.count }
    /// The method of the request that is being read, as soon as it is known.
    package var method: Method? { lineScanner.method }

    /// What is known of a head that has not ended, or whose end was refused: the request line and
    /// the whole lines of fields behind it. Nil while its target is not known. It is for telling
    /// the client which request was refused, and for nothing else.
    package var headSoFar: RequestHead? {
        failure == nil ? unfinishedHead : headAtFailure
    }

    /// Takes bytes; `next` says what they mean.
    package mutating func append(_ bytes: Span<UInt8>) {
        guard failure == nil else { return }
        buffer.append(bytes)
    }

    /// The next event, or nil while more bytes are needed. Once it has thrown, it throws the same
    /// error again.
    package mutating func next() throws(RequestError) -> Event? {
        if let failure { throw failure }
        do throws(RequestError) {
            return try advance()
        } catch {
            headAtFailure = unfinishedHead
            failure = error
            buffer.removeAll()
            throw error
        }
    }

    private mutating func advance() throws(RequestError) -> Event? {
        if state == .emptyLines {
            guard try skipEmptyLines() else { return nil }
        }
        if state == .requestLine {
            guard try readRequestLine() else { return nil }
        }
        if state == .fields { return try readFields() }
        return try readBody()
    }

    private var unfinishedHead: RequestHead? {
        switch state {
        case .emptyLines, .body: return nil
        case .requestLine: return lineScanner.lineSoFar(buffer).map { head($0, Fields()) }
        case .fields: return requestLine.map { head($0, fieldScanner.fields(in: buffer)) }
        }
    }

    private mutating func skipEmptyLines() throws(RequestError) -> Bool {
        while true {
            switch try buffer.lineEnd(at: 0, before: buffer.count) {
            case .undecided:
                return false
            case .absent:
                state = .requestLine
                return true
            case .present:
                emptyLineCount += 1
                guard emptyLineCount <= limits.emptyLines else { throw .tooManyEmptyLines }
                buffer.consume(2)
            }
        }
    }

    private mutating func readRequestLine() throws(RequestError) -> Bool {
        guard let line = try lineScanner.scan(buffer) else { return false }
        buffer.consume(lineScanner.cursor)
        requestLine = line
        state = .fields
        return true
    }

    private mutating func readFields() throws(RequestError) -> Event? {
        guard let requestLine, try fieldScanner.scan(buffer) else { return nil }
        let fields = fieldScanner.fields(in: buffer)
        let framing = try MessageFraming(fields, version: requestLine.version, limits: limits)
        buffer.consume(fieldScanner.cursor)
        prepareForBody(framing.body)
        return .head(head(requestLine, fields), framing)
    }

    private func head(_ line: RequestLine, _ fields: Fields) -> RequestHead {
        var fields = fields
        if line.target.form == .absolute, let authority = line.target.authority {
            fields.set(.host, authority)
        }
        return RequestHead(
            method: line.method, target: line.target, version: line.version, fields: fields)
    }

    private mutating func prepareForBody(_ body: MessageFraming.Body) {
        state = .body
        switch body {
        case .none:
            remaining = 0
        case .length(let length):
            remaining = length
            content.reserveCapacity(min(length, Self.smallBody))
        case .chunked:
            chunkedDecoder = ChunkedDecoder(limits: limits)
        }
    }

    /// A client that promises a large body and sends none of it costs no more than this.
    static let smallBody = 16 * 1024

    private mutating func readBody() throws(RequestError) -> Event? {
        if let hasEnded = try chunkedDecoder?.decode(&buffer, into: &content) {
            guard hasEnded else { return nil }
        } else if remaining > 0 {
            remaining -= buffer.move(atMost: remaining, to: &content)
            guard remaining == 0 else { return nil }
        }
        defer { prepareForRequest() }
        return .body(content)
    }

    private mutating func prepareForRequest() {
        state = .emptyLines
        emptyLineCount = 0
        lineScanner = RequestLineScanner(limits: limits)
        fieldScanner = Self.fieldScanner(limits)
        content = []
        chunkedDecoder = nil
    }

    private static func fieldScanner(_ limits: MessageLimits) -> FieldSectionScanner {
        FieldSectionScanner(maximumBytes: limits.headerBytes, maximumCount: limits.fieldCount)
    }
}
