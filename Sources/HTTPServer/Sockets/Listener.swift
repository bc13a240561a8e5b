import Glibc
import Logging
import Reactor

/// accept(2) on a listening socket, or what a test puts in its place.
typealias AcceptCall =
    @Sendable (Socket) throws(SystemError) -> (socket: Socket, peer: SocketAddress)?

/// A listening socket on its loop: accepts until nobody waits, and rests when the process has no
/// descriptor left. Belongs to the loop.
final class Listener {
    private let socket: Socket
    private let accept: AcceptCall
    private let pause: Duration
    private let logger: Logger
    private let admit: (Socket, SocketAddress) -> Void
    private var registration: Registration?
    private var resumption: ScheduledAction?
    private var isResting = false

    /// A round accepts at most so many, so that the connections there are have their turn too.
    private static let acceptsPerRound = 256
    /// So many rounds take the longest queue that listen(2) makes (net.core.somaxconn: 4,096).
    private static let closingRounds = 16

    init(
        _ socket: Socket, accept: @escaping AcceptCall, pause: Duration, logger: Logger,
        admit: @escaping (Socket, SocketAddress) -> Void
    ) {
        self.socket = socket
        self.accept = accept
        self.pause = pause
        self.logger = logger
        self.admit = admit
    }

    func start(on loop: EventLoop) throws(SystemError) {
        registration = try loop.register(socket.descriptor, for: .read) { [unowned self] _ in
            _ = acceptWaiting(on: loop)
        }
    }

    /// Takes those who have come already, then refuses all others.
    func close(on loop: EventLoop) {
        // The queue as it is now, and no more: who goes on connecting does not hold up the stop.
        for _ in 0..<Self.closingRounds {
            let mayWait = acceptWaiting(on: loop)
            if !mayWait { break }
        }
        resumption?.cancel()
        registration?.cancel()
        registration = nil
        socket.close()
    }

    /// Whether more may wait.
    private func acceptWaiting(on loop: EventLoop) -> Bool {
        for _ in 0..<Self.acceptsPerRound {
            do throws(SystemError) {
                let accepted = try accept(socket)
                noteRecovery()
                guard let (connection, peer) = accepted else { return false }
                admit(connection, peer)
            } catch {
                switch error.code {
                case EMFILE, ENFILE, ENOBUFS, ENOMEM:
                    rest(on: loop, because: error)
                    return false
                default:
                    // The client went away while it waited, or its network did (accept(2), "Error
                    // handling"): its place in the queue is free, and the next one's turn has come.
                    logger.debug("cannot accept a connection", metadata: ["error": "\(error)"])
                }
            }
        }
        return true
    }

    /// Level-triggered, the waiting client would otherwise call again at once, and for ever. Two
    /// lines in the log, however long it takes.
    private func rest(on loop: EventLoop, because error: SystemError) {
        if !isResting {
            logger.error(
                "accepting pauses: no descriptors or memory left",
                metadata: ["error": "\(error)", "pause": "\(pause)"])
        }
        isResting = true
        pauseAccepting(on: loop)
    }

    private func pauseAccepting(on loop: EventLoop) {
        resumption?.cancel()
        registration?.update([])
        resumption = loop.schedule(after: pause) { [weak self] in self?.resume(on: loop) }
    }

    /// Where the kernel has no memory to watch the socket, those who have come are let in all the
    /// same, and the next ones after another pause.
    private func resume(on loop: EventLoop) {
        if registration?.update(.read) == false { pauseAccepting(on: loop) }
        _ = acceptWaiting(on: loop)
    }

    /// accept(2) takes a descriptor before it looks who waits: that nobody does is a success. A
    /// socket that is not watched rests on, whoever was let in.
    private func noteRecovery() {
        guard isResting, registration?.interest == .read else { return }
        isResting = false
        logger.notice("accepting goes on")
    }
}
