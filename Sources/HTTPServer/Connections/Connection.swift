import HTTP
import Logging
import Reactor

// Theory of operation
//
// `HTTP.ServerConnection` decides, this shell performs. A *turn* begins when something happened
// (bytes, room to write, a handler's answer, a deadline), tells the machine, performs its steps
// until it wants something from outside, sends all that the turn gathered in one call, and settles:
// what to watch the socket for, and until when to wait. Answers that the kernel has no room for
// stay in `unsent`, and no step is taken until they are gone, so a client that does not read makes
// its connection stop. The socket is watched for reading from the first moment on and is only taken
// out when bytes come that nobody wants yet: in the ordinary life of a request no epoll_ctl
// happens. The last answer is followed by a *goodbye*, unless the client had said itself that it
// would send no more: our side is shut down, and what the client still sends is read and dropped
// for a while, or its kernel would discard the answer over our reset.

/// One client's connection. A part of its worker, which every method takes as its isolation.
///
/// A value that cannot be copied: a whole turn is one exclusive access to it (`OpenConnection`),
/// where the properties of a class would be checked one by one, two dozen times a request.
struct Connection: ~Copyable {
    private enum State { case serving, goodbye, ended }

    private let id: Int
    private let socket: Socket
    private let peer: String
    private let ticket: Admission.Ticket
    private let onEnd: @Sendable () -> Void
    private var state = State.serving
    private var machine: ServerConnection
    private var registration: Registration?
    private var deadline: ConnectionDeadline
    private var timer: (action: ScheduledAction, instant: ContinuousClock.Instant)?

    private var unsent = Outbox()
    private var wantsInput = true
    private var peerHasFinished = false
    /// Nothing was said to the client that it may not have read yet.
    private var endsSilently = false
    private var deliveries = 0
    private var bytesMoved = 0
    private var droppedBytes = 0
    private var largeBodyBytes = 0

    /// A turn answers at most so many pipelined requests, and gathers about so many bytes, before
    /// the other connections of the loop have their turn.
    private static let answersPerTurn = 64
    private static let bytesPerTurn = 64 * 1024

    init(
        id: Int, socket: Socket, peer: String, ticket: Admission.Ticket, limits: ServerLimits,
        now: ContinuousClock.Instant, onEnd: @escaping @Sendable () -> Void
    ) {
        let isRefused = ticket == .refused
        self.id = id
        self.socket = socket
        self.peer = peer
        self.ticket = ticket
        self.onEnd = onEnd
        machine = ServerConnection(
            limits: limits.message, peer: peer, isOneTooMany: isRefused)
        deadline = ConnectionDeadline(limits: isRefused ? limits.ofRefused : limits, now: now)
    }

    /// Where the loop was closed before the connection ended.
    deinit {
        if state != .ended { socket.close() }
    }
}

// MARK: - What happens to a connection

extension Connection {
    mutating func begin(_ registration: Registration, on worker: isolated Worker) {
        self.registration = registration
        settle(on: worker)
    }

    mutating func ready(_ readiness: Readiness, on worker: isolated Worker) {
        switch state {
        case .ended: return
        case .goodbye: return dropInput(on: worker)
        case .serving: break
        }
        if !unsent.isEmpty {
            if readiness.contains(.readable) { ignoreInput() }
            guard readiness != .readable else { return }
            sendUnsent(on: worker)
            guard state == .serving else { return }
            if unsent.isEmpty { advance(on: worker) } else { settle(on: worker) }
        } else if wantsInput {
            receive(on: worker)
        } else {
            ignoreInput()
        }
    }

    mutating func resume(on worker: isolated Worker) {
        if state == .serving, unsent.isEmpty { advance(on: worker) }
    }

    mutating func answered(with response: Response, on worker: isolated Worker) {
        guard state == .serving else { return }
        complete(with: response, on: worker)
        // Answers before it may still wait for room in the kernel; no step is taken until they are
        // gone.
        if unsent.isEmpty { advance(on: worker) } else { queue(on: worker) }
    }

    mutating func deadlinePassed(on worker: isolated Worker) {
        timer = nil
        guard let instant = deadline.instant else { return }
        guard instant <= worker.loop.now else { return arm(on: worker) }
        switch deadline.wait {
        case .request, .head, .body:
            // What has come is not late, though this process may have stood still meanwhile. Who
            // sends a byte now and then is judged again at once, by the pace that he then has.
            if wantsInput, receive(on: worker) { return }
            endsSilently = machine.phase == .idle
            machine.timedOut()
            advance(on: worker)
        case .reader:
            // What the kernel had taken counts when the client has it.
            settle(on: worker)
            guard let instant = deadline.instant, instant <= worker.loop.now else { return }
            log("a client that does not read is cut", on: worker)
            end(aborting: true, on: worker)
        case .goodbye:
            end(on: worker)
        case .handler:
            break
        }
    }

    /// Answers a request that has come already, even if it was not read yet; ends when there is
    /// none.
    mutating func drain(on worker: isolated Worker) {
        guard state == .serving else { return }
        do throws(SystemError) {
            if wantsInput, unsent.isEmpty { _ = try readInput(on: worker) }
        } catch {
            return end(because: error, on: worker)
        }
        endsSilently = machine.phase == .idle && unsent.isEmpty
        machine.drain()
        if unsent.isEmpty { advance(on: worker) }
    }

    mutating func cut(on worker: isolated Worker) {
        guard state != .ended else { return }
        log("cut by the drain deadline", on: worker)
        end(aborting: true, on: worker)
    }

    mutating func end(because error: SystemError, on worker: isolated Worker) {
        guard state != .ended else { return }
        worker.logger.debug(
            "connection lost", metadata: ["peer": "\(peer)", "error": "\(error)"])
        end(on: worker)
    }
}

// MARK: - A turn

extension Connection {
    /// Whether there was anything to read, if only the end.
    @discardableResult
    private mutating func receive(on worker: isolated Worker) -> Bool {
        do throws(SystemError) {
            guard try readInput(on: worker) else { return false }
            advance(on: worker)
        } catch {
            end(because: error, on: worker)
        }
        return true
    }

    /// Whether there was anything to read.
    private mutating func readInput(on worker: isolated Worker) throws(SystemError) -> Bool {
        guard let count = try socket.receive(into: &worker.input) else { return false }
        if count == 0 {
            peerHasFinished = true
            machine.peerClosed()
        } else {
            bytesMoved += count
            machine.received(worker.input.span.extracting(..<count))
        }
        return true
    }

    /// Performs the machine's steps until it wants something from outside.
    private mutating func advance(on worker: isolated Worker) {
        var answers = 0
        var isOver = false
        wantsInput = false
        steps: while true {
            guard answers < Self.answersPerTurn, worker.output.count < Self.bytesPerTurn else {
                worker.resume(id)
                break
            }
            switch machine.nextStep() {
            case .read:
                wantsInput = true
                break steps
            case .wait:
                break steps
            case .judge(let request):
                judge(request, on: worker)
            case .sendContinue:
                // Whom there is no room for is refused, and not told to go on first.
                if hasRoomForBody(on: worker) {
                    worker.output.append(contentsOf: ServerConnection.continueBytes)
                } else {
                    machine.bodyHasNoRoom()
                }
            case .deliver(let request):
                answers += 1
                deliver(request, on: worker)
            case .refuse(let error, let head):
                log("a request is refused: \(error)", on: worker)
                complete(with: worker.responder.respond(to: error, head: head), on: worker)
            case .close:
                isOver = true
                break steps
            }
        }
        flush(on: worker)
        guard state == .serving else { return }
        guard hasRoomForBody(on: worker) else {
            machine.bodyHasNoRoom()
            return advance(on: worker)
        }
        if isOver, unsent.isEmpty { finish(on: worker) } else { settle(on: worker) }
    }

    private mutating func hasRoomForBody(on worker: isolated Worker) -> Bool {
        let needed = machine.largeBodyBytes
        // A refusal would overtake what is unsent; until that is gone nothing is read anyway.
        guard needed != largeBodyBytes, unsent.isEmpty else { return true }
        return holdLargeBody(of: needed, on: worker)
    }

    private mutating func holdLargeBody(of bytes: Int, on worker: isolated Worker) -> Bool {
        guard bytes != largeBodyBytes else { return true }
        guard case .admitted(let address) = ticket,
            worker.largeBodies.exchange(largeBodyBytes, for: bytes, from: address)
        else { return false }
        largeBodyBytes = bytes
        return true
    }

    private mutating func judge(_ request: Request, on worker: isolated Worker) {
        guard let refusal = worker.responder.refusal(of: request) else { return machine.admit() }
        log("a request is refused before its body", on: worker)
        machine.turnAway()
        complete(with: refusal, on: worker)
    }

    private mutating func deliver(_ request: Request, on worker: isolated Worker) {
        deliveries += 1
        switch worker.responder.respond(to: request) {
        case .now(let response): complete(with: response, on: worker)
        case .later(let handler): worker.run(handler, for: id)
        case .brought(let work): worker.begin(work, for: id)
        }
    }

    private mutating func complete(with response: Response, on worker: isolated Worker) {
        if worker.isEnding { machine.drain() }
        machine.complete(with: response, date: worker.dateBytes, into: &worker.output)
    }

    /// Decides what to watch the socket for, and until when to wait.
    private mutating func settle(on worker: isolated Worker) {
        var interest = registration?.interest ?? []
        if unsent.isEmpty { interest.remove(.write) } else { interest.insert(.write) }
        // The end of the stream stays readable for ever.
        if peerHasFinished { interest.remove(.read) } else if wantsInput { interest.insert(.read) }
        if registration?.update(interest) == false {
            // Nobody would tell of its bytes, nor of room for those it is owed.
            log("a connection that the kernel cannot watch is closed", on: worker)
            return end(on: worker)
        }
        let wait = unsent.isEmpty ? Wait(machine.phase) : .reader
        // Of what is sent, what has reached the client: the kernel takes much at once, and says
        // late that it has room again.
        let inFlight = wait == .reader ? socket.unacknowledgedBytes : 0
        deadline.waits(
            for: wait, exchange: deliveries, bytes: bytesMoved - inFlight, now: worker.loop.now)
        arm(on: worker)
    }

    /// Bytes that nobody wants yet stay with the kernel, which tells the client to stop.
    private mutating func ignoreInput() {
        guard let registration else { return }
        registration.update(registration.interest.subtracting(.read))
    }

    /// One timer a connection, set again only when it fires too early or would fire too late.
    private mutating func arm(on worker: isolated Worker) {
        guard let instant = deadline.instant else { return }
        if let timer, timer.instant <= instant { return }
        timer?.action.cancel()
        let delay = worker.loop.now.duration(to: instant)
        timer = (worker.schedule(after: delay, deadlineOf: id), instant)
    }
}

// MARK: - Sending

extension Connection {
    /// Sends what the turn gathered; what the kernel does not take becomes `unsent`.
    private mutating func flush(on worker: isolated Worker) {
        guard !worker.output.isEmpty else { return }
        do throws(SystemError) {
            bytesMoved += try unsent.send(worker.output, on: socket)
        } catch {
            end(because: error, on: worker)
        }
        clearOutput(of: worker)
    }

    /// A large answer's room is given back, the ordinary turn's is kept.
    private func clearOutput(of worker: isolated Worker) {
        let isOrdinary = worker.output.capacity <= 2 * Self.bytesPerTurn
        worker.output.removeAll(keepingCapacity: isOrdinary)
    }

    /// Puts what the turn gathered behind what the kernel had no room for.
    private mutating func queue(on worker: isolated Worker) {
        unsent.append(worker.output)
        clearOutput(of: worker)
        settle(on: worker)
    }

    private mutating func sendUnsent(on worker: isolated Worker) {
        do throws(SystemError) {
            bytesMoved += try unsent.sendRest(on: socket)
        } catch {
            end(because: error, on: worker)
        }
    }
}

// MARK: - The end

extension Connection {
    private mutating func finish(on worker: isolated Worker) {
        // Over bytes that were left with the kernel, close(2) would reset the connection.
        let leftInput = registration?.interest.contains(.read) == false
        if peerHasFinished || endsSilently || machine.expectsNothing && !leftInput {
            end(on: worker)
        } else {
            sayGoodbye(on: worker)
        }
    }

    private mutating func sayGoodbye(on worker: isolated Worker) {
        do throws(SystemError) {
            try socket.shutdownSending()
            state = .goodbye
            wantsInput = true
            registration?.update(.read)
            deadline.waits(
                for: .goodbye, exchange: deliveries, bytes: bytesMoved, now: worker.loop.now)
            arm(on: worker)
        } catch {
            end(because: error, on: worker)
        }
    }

    private mutating func dropInput(on worker: isolated Worker) {
        do throws(SystemError) {
            guard let count = try socket.receive(into: &worker.input) else { return }
            droppedBytes += count
            if count == 0 || droppedBytes > worker.limits.lingerBytes { end(on: worker) }
        } catch {
            end(because: error, on: worker)
        }
    }

    private mutating func end(aborting: Bool = false, on worker: isolated Worker) {
        guard state != .ended else { return }
        state = .ended
        registration?.cancelForClose()
        timer?.action.cancel()
        registration = nil
        timer = nil
        unsent = Outbox()
        _ = holdLargeBody(of: 0, on: worker)
        if aborting { socket.abort() } else { socket.close() }
        onEnd()
        worker.ended(id)
    }

    private func log(_ message: Logger.Message, on worker: isolated Worker) {
        worker.logger.debug(message, metadata: ["peer": "\(peer)"])
    }
}
