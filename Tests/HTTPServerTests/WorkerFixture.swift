import Glibc
import HTTP
import Logging
import Reactor

@testable import HTTPServer

/// One connection of a worker that has no listener: what comes when is the test's to say.
struct WorkerFixture {
    let loop: EventLoop
    /// The server's side of the connection, which `serve` gives to the worker.
    let socket: Socket
    let client: TestClient
    private let worker: Worker

    init(
        loop: EventLoop, limits: ServerLimits = ServerLimits(),
        answer: @escaping @Sendable (Request) -> Reply = { _ in .text("") }
    ) throws {
        var descriptors: [CInt] = [-1, -1]
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &descriptors) == 0 else {
            throw SystemError.last("socketpair")
        }
        self.loop = loop
        socket = Socket(descriptor: descriptors[0])
        client = TestClient(descriptor: descriptors[1])
        _ = fcntl(socket.descriptor, F_SETFL, O_NONBLOCK)
        worker = Worker(
            loop: loop, limits: limits,
            largeBodies: LargeBodies(
                limit: limits.largeBodyBytes, longest: limits.message.bodyBytes),
            responder: TestResponder(answer: answer), logger: Logger(label: "test"))
    }

    func serve() {
        worker.take(socket, from: "test", ticket: .admitted(AddressKey(host: []))) {}
    }
}
