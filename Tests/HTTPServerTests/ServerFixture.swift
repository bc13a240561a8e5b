import Dispatch
import HTTP
import Logging
import Reactor
import Testing

@testable import HTTPServer

/// Answers with what a test gives it.
struct TestResponder: Responder {
    let answer: @Sendable (Request) -> Reply
    var refusal: @Sendable (Request) -> Response? = { _ in nil }

    func respond(to request: Request) -> Reply { answer(request) }

    func refusal(of request: Request) -> Response? { refusal(request) }

    func respond(to error: RequestError, head: RequestHead?) -> Response {
        Response(status: error.status, body: Array(error.explanation.utf8))
    }
}

extension Reply {
    static func text(_ text: String) -> Reply { .now(.text(text)) }
}

extension Response {
    static func text(_ text: String) -> Response {
        Response(status: .ok, body: Array(text.utf8))
    }

    static func zeros(_ count: Int) -> Response {
        Response(status: .ok, body: [UInt8](repeating: 48, count: count))
    }
}

/// A server on a free port of the loopback address, for one test.
struct ServerFixture {
    let server: Server
    let port: Int
    let log: LogRecorder

    func client(from source: String? = nil) throws -> TestClient {
        try TestClient(port: port, from: source)
    }

    /// The answer to `request` on a connection of its own.
    func answer(to request: String) async throws -> TestClient.Answer? {
        let client = try client()
        try await client.send(request)
        return try await client.answer()
    }
}

let systemAccept: AcceptCall = { socket throws(SystemError) in try socket.accept() }

/// Runs `body` beside a server that answers with the method, the path and the body unless told
/// otherwise.
func withServer(
    _ change: (inout ServerLimits) -> Void = { _ in }, loops: Int = 2, host: String = "127.0.0.1",
    accept: @escaping AcceptCall = systemAccept,
    answer: @escaping @Sendable (Request) -> Reply = { request in
        let body = String(decoding: request.body, as: UTF8.self)
        return .text("\(request.method.rawValue) \(request.target.path) \(body)")
    },
    refusal: @escaping @Sendable (Request) -> Response? = { _ in nil },
    _ body: (ServerFixture) async throws -> Void
) async throws {
    var limits = ServerLimits()
    // On a machine that is busy with other tests no client is too slow, unless a test wants it so.
    limits.headDeadline = .seconds(300)
    limits.bodyPace.grace = .seconds(300)
    limits.writePace.grace = .seconds(300)
    change(&limits)
    let group = try EventLoopGroup(count: loops, label: "test")
    defer { group.close() }
    let log = LogRecorder()
    let server = Server(
        host: host, port: 0, limits: limits, loops: group.loops,
        responder: TestResponder(answer: answer, refusal: refusal), logger: log.logger,
        accept: accept)
    let address = try await server.start()
    do {
        try await body(ServerFixture(server: server, port: address.port, log: log))
    } catch {
        _ = await server.drain()
        throw error
    }
    _ = await server.drain()
}

/// Keeps what was logged.
final class LogRecorder: Sendable {
    private let queue = DispatchQueue(label: "log")
    /// On the queue only.
    private nonisolated(unsafe) var lines: [String] = []

    var messages: [String] { queue.sync { lines } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(recorder: self) }
        logger.logLevel = .debug
        return logger
    }

    private func add(_ line: String) { queue.sync { lines.append(line) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { recorder.add("\(event.message)") }
    }
}

/// Where a responder keeps whom it owes an answer.
final class KeptReceiver: Sendable {
    private let queue = DispatchQueue(label: "receiver")
    /// On the queue only.
    private nonisolated(unsafe) var receive: (@Sendable (Response) -> Void)?

    func keep(_ receive: @escaping @Sendable (Response) -> Void) {
        queue.sync { self.receive = receive }
    }

    /// Once: who brings an answer that is kept here, and keeps this, would keep itself.
    func bring(_ response: Response) {
        let receive = queue.sync {
            defer { self.receive = nil }
            return self.receive
        }
        receive?(response)
    }
}

/// Lets tasks wait until so many have come, or until it is opened.
actor Gate {
    private var missing: Int
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var arrivalWaiters: [CheckedContinuation<Void, Never>] = []
    private(set) var arrivals = 0

    /// Opens by itself when `count` have come; never when that is nil.
    init(count: Int? = nil) { missing = count ?? .max }

    func pass() async {
        arrivals += 1
        missing -= 1
        for waiter in arrivalWaiters { waiter.resume() }
        arrivalWaiters = []
        if missing <= 0 { return open() }
        await withCheckedContinuation { waiters.append($0) }
    }

    /// Waits until `count` have come.
    func arrived(_ count: Int) async {
        while arrivals < count {
            await withCheckedContinuation { arrivalWaiters.append($0) }
        }
    }

    func open() {
        missing = 0
        for waiter in waiters { waiter.resume() }
        waiters = []
    }
}
