import Glibc
import HTTP
import Logging
import Reactor
import Synchronization
import Testing

@testable import HTTPServer

/// Sockets that the kernel will not watch, as when it has no memory for it.
@Suite(.timeLimit(.minutes(1)))
struct UnwatchedSocketTests {
    /// A listener, on its loop.
    private actor Host {
        let loop: EventLoop
        private let listener: Listener

        nonisolated var unownedExecutor: UnownedSerialExecutor {
            loop.asUnownedSerialExecutor()
        }

        init(
            loop: EventLoop, socket: Socket, logger: Logger, accept: @escaping AcceptCall,
            admit: @escaping @Sendable () -> Void
        ) {
            self.loop = loop
            listener = Listener(
                socket, accept: accept, pause: .milliseconds(5), logger: logger
            ) { accepted, _ in
                accepted.close()
                admit()
            }
        }

        func start() throws { try listener.start(on: loop) }
        func close() { listener.close(on: loop) }
    }

    /// While it rests, a folder stands under its number, which no epoll takes.
    @Test
    func `a listener that cannot be watched after its rest tries again`() async throws {
        let loop = try EventLoop(label: "test")
        defer { loop.close() }
        let addresses = try await NameResolution.addresses(of: "127.0.0.1", port: 0)
        let (sockets, port) = try ListeningSockets.open(addresses, limits: ServerLimits())
        let socket = try #require(sockets.first)
        let (spare, folder) = (dup(socket.descriptor), open("/", O_RDONLY | O_DIRECTORY))
        defer { for descriptor in [spare, folder] { _ = Glibc.close(descriptor) } }
        let calls = Atomic<Int>(0)
        let (admissions, admit) = AsyncStream.makeStream(of: Void.self)
        let log = LogRecorder()
        let host = Host(
            loop: loop, socket: socket, logger: log.logger,
            accept: { socket throws(SystemError) in
                switch calls.add(1, ordering: .relaxed).newValue {
                case 1:
                    // Once it has been taken out of the epoll.
                    loop.execute { dup2(folder, socket.descriptor) }
                    throw SystemError(call: "accept4", code: ENOMEM)
                case 2:
                    dup2(spare, socket.descriptor)
                    return nil
                default: return try socket.accept()
                }
            }, admit: { admit.yield() })
        try await host.start()
        var admitted = admissions.makeAsyncIterator()
        for _ in 1...4 {
            let client = try TestClient(port: port)
            await admitted.next()
            withExtendedLifetime(client) {}
        }
        // Who comes between its two tries is let in before it is watched again.
        while !log.messages.contains("accepting goes on") { await Task.yield() }
        await host.close()
        let told = log.messages.filter { $0.hasPrefix("accepting") }
        #expect(told == ["accepting pauses: no descriptors or memory left", "accepting goes on"])
    }

    /// It is not watched while bytes wait that nobody wants; then its place is taken.
    @Test
    func `a connection that cannot be watched after an answer is closed behind it`() async throws {
        let loop = try EventLoop(label: "test")
        defer { loop.close() }
        let gate = Gate()
        let server = try WorkerFixture(loop: loop) { _ in
            .later {
                await gate.pass()
                return .text("slow")
            }
        }
        server.serve()
        try await server.client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        await gate.arrived(1)
        try await server.client.send("GET / HTTP/1.1\r\nHost: x\r\n")
        while await !Self.takesPlace(of: server.socket, on: loop) { await Task.yield() }
        await gate.open()
        #expect(try await server.client.answer()?.body == "slow")
        try await server.client.waitForReset()
    }

    private static func takesPlace(of socket: Socket, on loop: EventLoop) async -> Bool {
        await withCheckedContinuation { continuation in
            loop.execute {
                let place = try? loop.register(socket.descriptor, for: .read) { _ in }
                place?.cancel()
                continuation.resume(returning: place != nil)
            }
        }
    }
}
