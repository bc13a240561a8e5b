import Glibc
import HTTP
import Synchronization
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(10)))
struct RequestTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test(arguments: [
        ("GET /a HTTP/1.1\r\nHost: x\r\n\r\n", 200, "GET /a "),
        ("POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi", 200, "POST /b hi"),
        (
            "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
            200, "PUT / hi"
        ),
        ("GET / HTTP/1.1\r\n\r\n", 400, RequestError.missingHost.explanation),
        ("\u{1}\r\n\r\n", 400, RequestError.invalidMethod.explanation),
    ])
    func `a request is answered, sent at once or byte by byte`(
        request: String, status: Int, body: String
    ) async throws {
        try await withServer { server in
            let whole = try #require(try await server.answer(to: request))
            #expect(whole.status == status)
            #expect(whole.body == body)

            let slow = try server.client()
            for byte in request.utf8 { try await slow.send([byte]) }
            #expect(try await slow.answer()?.body == body)
        }
    }

    @Test
    func `every answer says its date and length, and the connection is kept`() async throws {
        try await withServer { server in
            let client = try server.client()
            for _ in 0..<3 {
                try await client.send(Self.get)
                let answer = try #require(try await client.answer())
                #expect(answer.fields["date"]?.hasSuffix(" GMT") == true)
                #expect(answer.fields["content-length"] == "7")
                #expect(answer.fields["connection"] == nil)
            }
            #expect(server.server.connectionCount == 1)
        }
    }

    @Test
    func `pipelined requests are answered in order, more than one turn takes`() async throws {
        try await withServer { server in
            let client = try server.client()
            let requests = (0..<500).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }
            try await client.send(requests.joined())
            for number in 0..<500 {
                #expect(try await client.answer()?.body == "GET /\(number) ")
            }
        }
    }

    @Test
    func `an answer that takes long does not overtake the one before it`() async throws {
        let gate = Gate()
        try await withServer(answer: { request in
            request.target.path == "/slow"
                ? .later {
                    await gate.pass()
                    return .text("slow")
                } : .text("fast")
        }) { server in
            let client = try server.client()
            try await client.send(
                "GET /slow HTTP/1.1\r\nHost: x\r\n\r\nGET /fast HTTP/1.1\r\nHost: x\r\n\r\n")
            await gate.arrived(1)
            // Bytes that nobody wants yet wait, and are read afterwards.
            try await client.send(Self.get)
            await gate.open()
            #expect(try await client.answer()?.body == "slow")
            #expect(try await client.answer()?.body == "fast")
            #expect(try await client.answer()?.body == "fast")
        }
    }

    @Test
    func `answers that take long wait side by side`() async throws {
        let everybody = Gate(count: 50)
        try await withServer(answer: { _ in
            .later {
                await everybody.pass()
                return .text("together")
            }
        }) { server in
            let clients = try (0..<50).map { _ in try server.client() }
            for client in clients { try await client.send(Self.get) }
            for client in clients { #expect(try await client.answer()?.body == "together") }
        }
    }

    @Test
    func `a handler runs on its connection's loop, to its end, though its client has gone`()
        async throws
    {
        let gate = Gate()
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        try await withServer(answer: { _ in
            .later {
                await gate.pass()
                end.yield(Task.isCancelled)
                return .text("to nobody")
            }
        }) { server in
            var client: TestClient? = try server.client()
            try await client?.send(Self.get)
            await gate.arrived(1)
            client = nil
            await gate.open()
            #expect(await ends.first { _ in true } == false)
        }
    }

    @Test
    func `a client that expects 100-continue is told to go on`() async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await client.answer()?.status == 100)
            try await client.send("hi")
            #expect(try await client.answer()?.body == "POST / hi")
        }
    }

    @Test
    func `a client that finishes sending still gets its answers, late ones too`() async throws {
        try await withServer(answer: { request in
            .later {
                await Task.yield()
                return .text(request.target.path)
            }
        }) { server in
            let client = try server.client()
            try await client.send(Self.get + Self.get)
            client.finishSending()
            #expect(try await client.answer()?.body == "/a")
            #expect(try await client.answer()?.body == "/a")
            #expect(try await client.answer() == nil)
        }
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", "close"),
        ("GET / HTTP/1.0\r\n\r\n", "close"),
    ])
    func `the connection closes where the client wants it to`(
        request: String, connection: String
    ) async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send(request)
            #expect(try await client.answer()?.fields["connection"] == connection)
            #expect(try await client.answer() == nil)
        }
    }

    /// Closed over bytes that nobody has read, a connection is reset, and the answer with it
    /// (RFC 9112 9.6).
    @Test
    func `a client that says its request is the last, and yet sends more, is not reset`()
        async throws
    {
        let gate = Gate()
        try await withServer(
            loops: 1,
            answer: { request in
                guard request.target.path == "/slow" else { return .text("fast") }
                return .later {
                    await gate.pass()
                    return .text("slow")
                }
            }
        ) { server in
            let client = try server.client()
            try await client.send("GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            await gate.arrived(1)
            try await client.send("\r\n")
            // A round in which the loop has met these bytes as well.
            #expect(try await server.answer(to: Self.get)?.body == "fast")
            await gate.open()
            #expect(try await client.answer()?.body == "slow")
            #expect(try await client.answer() == nil)
            client.finishSending()
        }
    }

    @Test
    func `HEAD is answered without the body`() async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + Self.get)
            #expect(try await client.answer(hasBody: false)?.fields["content-length"] == "8")
            #expect(try await client.answer()?.body == "GET /a ")
        }
    }

    @Test
    func `a large answer reaches a client that reads slowly`() async throws {
        let lines = (0..<500_000).map { "\($0)\n" }.joined()
        try await withServer(answer: { _ in .text(lines) }) { server in
            let answer = try await server.answer(to: Self.get)
            #expect(answer?.body == lines)
        }
    }

    @Test
    func `a client that does not read stops its own requests, and loses none`() async throws {
        let handled = Atomic<Int>(0)
        let answer = Response.zeros(128 * 1024)
        try await withServer(answer: { _ in
            handled.add(1, ordering: .relaxed)
            return .now(answer)
        }) { server in
            let client = try server.client()
            try await client.send((0..<500).map { _ in Self.get }.joined())
            for number in 0..<500 {
                let taken = try await client.answer()
                #expect(taken?.body.utf8.count == 128 * 1024)
                // 500 answers are 64 MB; the kernel and the server keep a few of them.
                if number == 0 { #expect(handled.load(ordering: .relaxed) < 400) }
            }
        }
    }

    @Test
    func `a thousand connections at once are all answered`() async throws {
        #expect(try DescriptorLimit.raise() >= 2_500)
        try await withServer { server in
            let client = try server.client()
            let port = server.port
            let answered = try await client.blocking {
                let sockets = try (0..<1_000).map { _ in try TestClient.connect(port: port) }
                defer { for socket in sockets { close(socket) } }
                for socket in sockets {
                    try TestClient.sendAll(Array(Self.get.utf8), to: socket)
                }
                return sockets.count { socket in
                    var buffer = [UInt8](repeating: 0, count: 1024)
                    let count = read(socket, &buffer, buffer.count)
                    return count > 0 && buffer.starts(with: "HTTP/1.1 200 OK".utf8)
                }
            }
            #expect(answered == 1_000)
            #expect(server.server.connectionCount >= 1)
        }
    }
}
