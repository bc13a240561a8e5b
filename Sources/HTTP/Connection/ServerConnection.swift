// A connection's decider: what happened goes in, what to do comes out. It sees no socket and no
// clock; the server performs its steps and tells it what came of them.
//
//   reading ── .deliver / .refuse / turnAway ──> answering ── complete ──> reading, or closing
//      └───── nothing more to read ───────────────────────────────────> closing
//
// One request at a time: while its answer is owed, later bytes only gather, so that answers go out
// in the order of their requests (RFC 9112 9.3.2). An answer to a refusal is the last one: what
// follows a refused request is never read, because nobody knows where that request would have
// ended.
//
// The server's part: after every event call `nextStep` and perform what it says, again and again,
// until it says `.read`, `.wait` or `.close`; write what `complete` encoded before closing. Where
// it says `.judge`, the head alone may settle the answer, and the body is then not read.

/// Decides what happens next on a connection (RFC 9112 9). There is one for each: two copies that
/// went on by themselves would answer the same bytes twice.
package struct ServerConnection: ~Copyable, Sendable {
    package enum Step: Sendable {
        /// More bytes are needed: report them with `received`.
        case read
        /// An answer is owed: give it with `complete`. Nothing more need be read until then; what
        /// is reported all the same waits as bytes.
        case wait
        /// The head of a request whose body is awaited or large: say `admit` or `turnAway`.
        case judge(Request)
        /// Write `continueBytes` now.
        case sendContinue
        /// Answer this request.
        case deliver(Request)
        /// Answer this error; the connection closes afterwards. The head as far as it was read,
        /// from the target on.
        case refuse(RequestError, RequestHead?)
        /// Write what is left to be written, and close.
        case close
    }

    /// What the connection is about: which deadline applies.
    package enum Phase: Sendable {
        case idle, head, body, responding, closing
    }

    /// The interim answer that `.sendContinue` asks for (RFC 9110 15.2.1).
    package static let continueBytes = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

    private enum State {
        case reading
        case answering(Exchange)
        case closing
    }

    /// What the encoding of an answer must know of its request.
    private struct Exchange {
        var method: Method?
        var version: Version
        var keepsAlive: Bool
        /// The client said with its request that it sends no other.
        var isClientsLast = false
    }

    private let limits: MessageLimits
    private let peer: String
    private let isOneTooMany: Bool
    private var parser: RequestParser
    private var state = State.reading
    /// Of the request whose body is still arriving.
    private var pending: (head: RequestHead, framing: MessageFraming)?
    /// Whether that request was judged.
    private var isJudged = false
    /// Its client waits to be told to go on.
    private var owesContinue = false
    private var hasTimedOut = false
    private var lacksRoom = false
    private var peerHasClosed = false
    private var isDraining = false
    private var requestCount = 0
    /// While closing: the client had said that it would send nothing more, and nothing more was
    /// received. Where none is left unread either, its answer is safe from the reset that bytes on
    /// a closed connection would cause (RFC 9112 9.6).
    package private(set) var expectsNothing = false

    /// `peer` is the client's address, without its port. `isOneTooMany`: its first request is
    /// refused, whatever it is.
    package init(
        limits: MessageLimits = MessageLimits(), peer: String = "", isOneTooMany: Bool = false
    ) {
        self.limits = limits
        self.peer = peer
        self.isOneTooMany = isOneTooMany
        parser = RequestParser(limits: limits)
    }

    package var phase: Phase {
        switch state {
        case .answering: .responding
        case .closing: .closing
        case .reading: pending != nil ? .body : parser.isIdle ? .idle : .head
        }
    }

    /// How large the body that is arriving may become; 0 while it is small or there is none. One
    /// of unknown length counts as the longest that is allowed once it has outgrown the small ones.
    package var largeBodyBytes: Int {
        guard let body = pending?.framing.body else { return 0 }
        return switch body {
        case .none: 0
        case .length(let length): length > RequestParser.smallBody ? length : 0
        case .chunked: parser.bodyCount > RequestParser.smallBody ? limits.bodyBytes : 0
        }
    }
}

/// What may happen to it.
extension ServerConnection {
    /// Bytes arrived. When the connection is closing already they are thrown away.
    package mutating func received(_ bytes: Span<UInt8>) {
        if case .closing = state { return }
        parser.append(bytes)
    }

    /// The client sends no more. Whole requests that it has sent are still answered.
    package mutating func peerClosed() {
        peerHasClosed = true
    }

    /// The deadline of the current phase has passed. While an answer is owed this says nothing: the
    /// client is not to blame.
    package mutating func timedOut() {
        guard case .reading = state else { return }
        hasTimedOut = true
    }

    /// The body of the request that was to be judged is wanted.
    package mutating func admit() {
        precondition(pending != nil, "a request was to be judged")
        owesContinue = pending?.framing.expectsContinue == true && !hasBegunBody
    }

    /// It is not: the request is answered now, and nothing after its head is read.
    package mutating func turnAway() {
        guard let head = pending.take()?.head else {
            preconditionFailure("a request was to be judged")
        }
        state = .answering(Exchange(method: head.method, version: head.version, keepsAlive: false))
    }

    /// There is no room for the body that is arriving: the request is refused.
    package mutating func bodyHasNoRoom() {
        precondition(pending != nil, "a body is arriving")
        lacksRoom = true
    }

    /// The server is stopping. A request that has begun is still read and answered.
    package mutating func drain() {
        isDraining = true
    }

    /// Encodes the answer to what was delivered or refused last. `date` is an IMF-fixdate
    /// (RFC 9110 5.6.7).
    package mutating func complete(
        with response: Response, date: [UInt8], into output: inout [UInt8]
    ) {
        guard case .answering(let exchange) = state else {
            preconditionFailure("no answer is owed")
        }
        let endsHere =
            isDraining || peerHasClosed && parser.isIdle
            || requestCount >= limits.requestsPerConnection
        let keepsAlive = exchange.keepsAlive && !endsHere
        ResponseEncoder.encode(
            response, to: exchange.method,
            connection: .needed(keepsAlive: keepsAlive, version: exchange.version),
            date: date, into: &output)
        if keepsAlive {
            state = .reading
        } else {
            expectsNothing = exchange.isClientsLast && parser.bufferedCount == 0
            close()
        }
    }
}

/// What to do about it.
extension ServerConnection {
    /// To be called until it says `.read`, `.wait` or `.close`.
    package mutating func nextStep() -> Step {
        switch state {
        case .closing: .close
        case .answering: .wait
        case .reading: read()
        }
    }

    private mutating func read() -> Step {
        if lacksRoom { return refuse(.noRoomForBody) }
        if owesContinue {
            owesContinue = false
            return .sendContinue
        }
        do throws(RequestError) {
            while let event = try parser.next() {
                switch event {
                case .head(let head, let framing):
                    pending = (head, framing)
                    if isOneTooMany { return refuse(.tooManyConnections) }
                    isJudged = false
                    let isAwaited = framing.expectsContinue && framing.body != .none
                    if isAwaited || largeBodyBytes > 0 { return judge(head) }
                case .body(let body):
                    guard let request = pending.take() else { continue }
                    return deliver(request.head, request.framing, body)
                }
            }
        } catch {
            return refuse(error)
        }
        return readMore()
    }

    /// A client that has begun to send its body does not wait for leave (RFC 9110 10.1.1).
    private var hasBegunBody: Bool { parser.bufferedCount > 0 || peerHasClosed }

    /// Asked once. A small body that comes by itself costs less than the question.
    private mutating func judge(_ head: RequestHead) -> Step {
        isJudged = true
        return .judge(Request(head: head, body: [], peer: peer))
    }

    private mutating func deliver(
        _ head: RequestHead, _ framing: MessageFraming, _ body: [UInt8]
    ) -> Step {
        hasTimedOut = false
        requestCount += 1
        // A client that hopes for a tunnel may have sent what belongs into it, and that is no
        // request.
        let keepsAlive = framing.keepsAlive && head.method != .connect
        state = .answering(
            Exchange(
                method: head.method, version: head.version, keepsAlive: keepsAlive,
                isClientsLast: !framing.keepsAlive && framing.body == .none))
        return .deliver(Request(head: head, body: body, peer: peer))
    }

    private mutating func refuse(_ error: RequestError) -> Step {
        let head = pending?.head ?? parser.headSoFar
        pending = nil
        state = .answering(
            Exchange(
                method: parser.method, version: head?.version ?? .http11, keepsAlive: false))
        return .refuse(error, head)
    }

    /// Everything that has arrived is used.
    private mutating func readMore() -> Step {
        if hasTimedOut || peerHasClosed {
            guard !parser.isIdle else { return close() }
            return refuse(hasTimedOut ? .timeout : .truncated)
        }
        if isDraining && parser.isIdle { return close() }
        if !isJudged, largeBodyBytes > 0, let head = pending?.head { return judge(head) }
        return .read
    }

    @discardableResult
    private mutating func close() -> Step {
        state = .closing
        parser = RequestParser(limits: limits)
        return .close
    }
}
