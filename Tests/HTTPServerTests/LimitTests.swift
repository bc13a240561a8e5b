import Glibc
import HTTP
import Reactor
import Synchronization
import Testing

@testable import HTTPServer

/// What a client meets that is too slow, too large, or one too many.
@Suite(.timeLimit(.minutes(10)))
struct LimitTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let soon = Duration.milliseconds(60)
    /// So fast a pace that bytes buy no time.
    private static let soonAtAnySpeed = Pace(grace: soon, bytesPerSecond: 1_000_000_000)

    @Test(arguments: [
        "G", "GET / HTTP/1.1\r\nHost: x\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhi",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /late",
    ])
    func `a request that does not arrive in time is 408`(beginning: String) async throws {
        try await withServer {
            $0.headDeadline = Self.soon
            $0.bodyPace = Self.soonAtAnySpeed
        } _: { server in
            let client = try server.client()
            try await client.send(beginning)
            var answer = try await client.answer()
            if answer?.status == 200 { answer = try await client.answer() }
            #expect(answer?.status == 408)
            #expect(answer?.fields["connection"] == "close")
            #expect(try await client.answer() == nil)
        }
    }

    @Test
    func `a connection that idles is closed without a word, before a first request and after one`()
        async throws
    {
        try await withServer {
            $0.idleDeadline = Self.soon
        } _: { server in
            #expect(try await server.client().answer() == nil)
            let client = try await Self.clientAfterAnAnswer(from: server)
            #expect(try await client.answer() == nil)
        }
    }

    /// Tries until a request is faster than the deadline.
    private static func clientAfterAnAnswer(
        from server: ServerFixture
    ) async throws -> TestClient {
        while true {
            let client = try server.client()
            do {
                try await client.send(get)
                if try await client.answer()?.status == 200 { return client }
            } catch let error as SystemError where [EPIPE, ECONNRESET].contains(error.code) {
                continue
            }
        }
    }

    @Test
    func `a handler has all the time it takes`() async throws {
        let gate = Gate()
        try await withServer {
            $0.headDeadline = Self.soon
            $0.bodyPace = Self.soonAtAnySpeed
            $0.writePace = Self.soonAtAnySpeed
        } answer: { _ in
            .later {
                await gate.pass()
                return .text("at last")
            }
        } _: { server in
            let (patient, late) = (try server.client(), try server.client())
            try await patient.send(Self.get)
            await gate.arrived(1)
            // As much time passes as any deadline gives.
            try await late.send("G")
            #expect(try await late.answer()?.status == 408)
            await gate.open()
            #expect(try await patient.answer()?.body == "at last")
        }
    }

    @Test
    func `a client that does not take its answer is cut`() async throws {
        let large = Response.zeros(32 * 1024 * 1024)
        try await withServer {
            $0.writePace = Self.soonAtAnySpeed
        } answer: { _ in
            .now(large)
        } _: { server in
            let client = try server.client()
            try await client.send(Self.get)
            try await client.waitForReset()
            await #expect(throws: (any Error).self) { try await client.answer() }
            #expect(server.log.messages.contains("a client that does not read is cut"))
        }
    }

    @Test
    func `a client that sends all of a body that is too large can read why it was refused`()
        async throws
    {
        try await withServer {
            $0.message.bodyBytes = 1000
            // However slowly a busy machine lets the client send.
            $0.lingerDeadline = .seconds(300)
        } _: { server in
            let client = try server.client()
            let size = 16 * 1024 * 1024
            try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(size)\r\n\r\n")
            try await client.send([UInt8](repeating: 120, count: size))
            #expect(try await client.answer()?.status == 413)
            #expect(try await client.answer() == nil)
        }
    }

    @Test
    func `a refused client that goes on sending is cut after a while`() async throws {
        try await withServer {
            $0.message.bodyBytes = 1000
            $0.lingerBytes = 1_000_000
        } _: { server in
            let client = try server.client()
            try await client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999\r\n\r\n")
            await #expect(throws: SystemError.self) {
                while true { try await client.send([UInt8](repeating: 120, count: 100_000)) }
            }
        }
    }

    @Test
    func `over the limit a client is told 503, and the next is let in when one has left`()
        async throws
    {
        try await withServer {
            $0.connections = 2
        } _: { server in
            var clients = [try server.client(), try server.client()]
            for client in clients {
                try await client.send(Self.get)
                #expect(try await client.answer()?.status == 200)
            }
            let refused = try #require(try await server.answer(to: Self.get))
            #expect(refused.status == 503)
            #expect(refused.body == RequestError.tooManyConnections.explanation)
            let head = try server.client()
            try await head.send("HEAD / HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(try await head.answer(hasBody: false)?.status == 503)
            #expect(try await head.answer() == nil)
            clients.removeLast()
            while try await server.answer(to: Self.get)?.status != 200 { await Task.yield() }
        }
    }

    @Test
    func `one address cannot take the places of the others`() async throws {
        try await withServer {
            $0.connectionsPerAddress = 1
            $0.refusals = 1
        } _: { server in
            let first = try server.client(from: "127.0.0.1")
            try await first.send(Self.get)
            #expect(try await first.answer()?.status == 200)
            let second = try server.client(from: "127.0.0.1")
            try await second.send(Self.get)
            #expect(try await second.answer()?.status == 503)
            let silentlyClosed = try server.client(from: "127.0.0.1")
            #expect(try await silentlyClosed.answer() == nil)
            let other = try server.client(from: "127.0.0.2")
            try await other.send(Self.get)
            #expect(try await other.answer()?.status == 200)
        }
    }

    @Test(arguments: [EMFILE, ENFILE, ENOBUFS, ENOMEM])
    func `accepting survives that there are no descriptors left`(code: CInt) async throws {
        let failures = Atomic<Int>(3)
        try await withServer {
            $0.acceptPause = .milliseconds(5)
        } accept: { socket throws(SystemError) in
            if failures.subtract(1, ordering: .relaxed).newValue >= 0 {
                throw SystemError(call: "accept4", code: code)
            }
            return try socket.accept()
        } _: { server in
            let answer = try await server.answer(to: Self.get)
            #expect(answer?.status == 200)
            // However often it failed: whoever watches the log is told once of each.
            let told = server.log.messages.filter { $0.hasPrefix("accepting") }
            #expect(
                told == ["accepting pauses: no descriptors or memory left", "accepting goes on"])
        }
    }

    @Test
    func `a client that leaves before it is accepted keeps nobody waiting`() async throws {
        let failures = Atomic<Int>(3)
        try await withServer(accept: { socket throws(SystemError) in
            if failures.subtract(1, ordering: .relaxed).newValue >= 0 {
                throw SystemError(call: "accept4", code: ECONNABORTED)
            }
            return try socket.accept()
        }) { server in
            let answer = try await server.answer(to: Self.get)
            #expect(answer?.status == 200)
        }
    }
}
