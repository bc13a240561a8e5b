import HTTP
import Testing

@testable import HTTPServer

/// How much memory the bodies of all connections together may take.
@Suite(.timeLimit(.minutes(10)))
struct LargeBodyTests {
    /// Each row: whose connection it is, what it had, what it asks for, and whether it gets that.
    @Test(arguments: [
        (100, [(1, 0, 60, true), (2, 0, 41, false), (2, 0, 40, true), (1, 60, 0, true)]),
        // A longest body has room where there is no other, whatever the limit says.
        (1, [(1, 0, 60, true), (2, 0, 1, false), (1, 60, 10, true), (1, 10, 0, true)]),
    ])
    func `bodies have room up to the limit, and the longest of them where there is no other`(
        limit: Int, steps: [(client: UInt8, had: Int, wants: Int, gets: Bool)]
    ) {
        let bodies = LargeBodies(limit: limit, longest: 60)
        for step in steps + [(3, 0, 60, true)] {
            let address = AddressKey(host: [127, 0, 0, step.client])
            let gets = bodies.exchange(step.had, for: step.wants, from: address)
            #expect(gets == step.gets, "\(step)")
        }
    }

    @Test func `one address has a quarter of the room, or that of the longest body`() {
        let bodies = LargeBodies(limit: 1_000, longest: 60)
        let (one, other) = (AddressKey(host: [127, 0, 0, 1]), AddressKey(host: [127, 0, 0, 2]))
        #expect((1...4).allSatisfy { _ in bodies.exchange(0, for: 60, from: one) })
        #expect(!bodies.exchange(0, for: 20, from: one))
        #expect(bodies.exchange(0, for: 20, from: other))
        #expect(bodies.exchange(60, for: 0, from: one))
        #expect(bodies.exchange(0, for: 60, from: one))
    }

    private static func head(_ framing: String) -> String {
        "POST / HTTP/1.1\r\nHost: x\r\n\(framing)\r\nExpect: 100-continue\r\n\r\n"
    }

    /// A client whose body has begun to arrive: its head, and the 100 that came for it.
    private static func begun(
        _ framing: String, on server: ServerFixture
    ) async throws -> TestClient {
        let client = try server.client()
        try await client.send(head(framing))
        #expect(try await client.answer()?.status == 100)
        return client
    }

    /// One worker with room for one body of the longest size.
    private static func withRoomForOne(
        _ body: (ServerFixture) async throws -> Void
    ) async throws {
        try await withServer(
            {
                $0.largeBodyBytes = 100_000
                $0.message.bodyBytes = 100_000
            }, loops: 1, answer: { .text("\($0.body.count)") }, body)
    }

    @Test
    func `a large body for which there is no room is 503, and has room when another has ended`()
        async throws
    {
        try await Self.withRoomForOne { server in
            let first = try await Self.begun("Content-Length: 90000", on: server)
            // Told so at once, and not to go on first.
            let second = try server.client()
            try await second.send(Self.head("Content-Length: 90000"))
            let refusal = try #require(try await second.answer())
            #expect(refusal.status == 503)
            #expect(refusal.body == RequestError.noRoomForBody.explanation)
            #expect(try await second.answer() == nil)

            let small = try await Self.begun("Content-Length: 16384", on: server)
            try await small.send([UInt8](repeating: 32, count: 16_384))
            #expect(try await small.answer()?.body == "16384")

            try await first.send([UInt8](repeating: 32, count: 90_000))
            #expect(try await first.answer()?.body == "90000")
            let third = try await Self.begun("Content-Length: 90000", on: server)
            try await third.send([UInt8](repeating: 32, count: 90_000))
            #expect(try await third.answer()?.body == "90000")
        }
    }

    @Test
    func `a body whose client has gone takes no room`() async throws {
        try await Self.withRoomForOne { server in
            for _ in 0..<3 {
                let client = try await Self.begun("Content-Length: 90000", on: server)
                client.reset()
                while server.server.connectionCount > 0 { await Task.yield() }
            }
        }
    }

    @Test
    func `a body that need not be read is neither awaited nor given room`() async throws {
        try await withServer(
            { $0.largeBodyBytes = 1 },
            answer: { .text("\($0.body.count)") },
            refusal: { $0.fields["Key"] == nil ? Response(status: .unauthorized) : nil }
        ) { server in
            let holder = try server.client(from: "127.0.0.2")
            try await holder.send(Self.head("Content-Length: 90000\r\nKey: 1"))
            #expect(try await holder.answer()?.status == 100)
            for framing in [
                "Content-Length: 90000", "Content-Length: 1", "Transfer-Encoding: chunked",
            ] {
                let client = try server.client()
                try await client.send(Self.head(framing))
                #expect(try await client.answer()?.status == 401)
                #expect(try await client.answer() == nil)
            }
            let small = try server.client()
            try await small.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n1")
            #expect(try await small.answer()?.body == "1")
        }
    }

    @Test
    func `a refusal to HEAD has no content`() async throws {
        try await Self.withRoomForOne { server in
            let first = try await Self.begun("Content-Length: 90000", on: server)
            let second = try server.client()
            try await second.send("HEAD / HTTP/1.1\r\nHost: x\r\nContent-Length: 90000\r\n\r\n")
            #expect(try await second.answer(hasBody: false)?.status == 503)
            #expect(try await second.answer() == nil)
            first.reset()
        }
    }

    @Test
    func `a chunked body takes the room of the longest once it is no small one`() async throws {
        try await Self.withRoomForOne { server in
            let first = try await Self.begun("Transfer-Encoding: chunked", on: server)
            try await first.send("4000\r\n" + String(repeating: " ", count: 0x4000) + "\r\n")
            let small = try await Self.begun("Content-Length: 90000", on: server)
            small.reset()
            while server.server.connectionCount > 1 { await Task.yield() }

            try await first.send("1\r\n \r\n")
            let second = try server.client()
            try await second.send(Self.head("Content-Length: 20000"))
            #expect(try await second.answer()?.status == 503)
            try await first.send("0\r\n\r\n")
            #expect(try await first.answer()?.body == "16385")
        }
    }
}
