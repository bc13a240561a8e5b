import HTTP

/// What a connection waits for.
enum Wait: Hashable, Sendable {
    /// A request.
    case request
    /// The rest of a head.
    case head
    /// The rest of a body.
    case body
    /// The handler, which has deadlines of its own.
    case handler
    /// The client, to take what is being sent.
    case reader
    /// The client, to close its side.
    case goodbye

    /// Where nothing is left to be sent.
    init(_ phase: ServerConnection.Phase) {
        self =
            switch phase {
            case .idle: .request
            case .head: .head
            case .body: .body
            case .responding: .handler
            case .closing: .goodbye
            }
    }
}

/// Until when a connection may wait: the decision alone.
///
/// A deadline stands from the moment a wait begins. Bytes move it only where there is a pace to
/// keep, so that a byte now and then buys no time.
struct ConnectionDeadline {
    private let limits: ServerLimits
    private(set) var wait: Wait
    private var exchange = 0
    private var began: ContinuousClock.Instant
    private var bytesBefore = 0
    /// Nil: nothing that the client could be late with.
    private(set) var instant: ContinuousClock.Instant?

    init(limits: ServerLimits, now: ContinuousClock.Instant) {
        self.limits = limits
        wait = .request
        began = now
        instant = now + limits.idleDeadline
    }

    /// - Parameters:
    ///   - exchange: counts the requests delivered, so that one head after another is two waits.
    ///   - bytes: how many the connection has moved so far, in either direction.
    mutating func waits(
        for wait: Wait, exchange: Int, bytes: Int, now: ContinuousClock.Instant
    ) {
        if wait != self.wait || exchange != self.exchange {
            began = now
            self.wait = wait
            self.exchange = exchange
            bytesBefore = bytes
        }
        instant = allowance(for: bytes - bytesBefore).map { began + $0 }
    }

    private func allowance(for bytes: Int) -> Duration? {
        switch wait {
        case .request: limits.idleDeadline
        case .head: limits.headDeadline
        case .body: limits.bodyPace.allowance(for: bytes)
        case .handler: nil
        case .reader: limits.writePace.allowance(for: bytes)
        case .goodbye: limits.lingerDeadline
        }
    }
}
