/// An answer. `Date`, `Content-Length`, `Transfer-Encoding` and `Connection` are the encoder's:
/// it writes its own, and drops those given here.
package struct Response: Sendable {
    package var status: Status
    package var fields: Fields
    /// For HEAD the body that GET would have had: the encoder says its length and leaves it out.
    /// Responses share its storage, so a body that never changes is kept once; the encoder copies
    /// it behind each head.
    package var body: [UInt8]

    package init(status: Status, fields: Fields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// How an answer is given.
package enum Reply: Sendable {
    /// At once: nothing had to be waited for.
    case now(Response)
    /// When it has been found; run on the connection's loop.
    case later(@Sendable () async -> Response)
    /// The same without a task: the work is begun on the connection's loop, and brings the answer
    /// where it is told to, once and from whatever thread.
    case brought(@Sendable (_ receive: @escaping @Sendable (Response) -> Void) -> Void)
}

/// What stands behind a server and answers.
package protocol Responder: Sendable {
    func respond(to request: Request) -> Reply

    /// The answer to a request whose body need not be read for it, nil where it has to be. Asked
    /// before a client is told to go on (RFC 9110 10.1.1), and before a large body is read;
    /// `request` has an empty one. The connection closes after the answer.
    func refusal(of request: Request) -> Response?

    /// The answer to bytes that were no acceptable request; the connection closes after it.
    /// `head` is what was read of it, from the target on: its fields may be incomplete, and its
    /// version a guess.
    func respond(to error: RequestError, head: RequestHead?) -> Response
}
