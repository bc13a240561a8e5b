import Glibc
import HTTP
import Reactor
import Synchronization
import Testing

@testable import HTTPServer

/// Clients that break off, flood, or never read: what they cost, and that others do not notice.
@Suite(.timeLimit(.minutes(10)))
struct HostileClientTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let post = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"

    @Test(arguments: [
        "", "GET / HT", "GET / HTTP/1.1\r\nHost: x\r\nA", post + "\r\nbegin",
        post + "Expect: 100-continue\r\n\r\n", get + "GET /late HTTP/1.1\r\n",
    ])
    func `a connection that is reset at any point leaves nothing behind`(
        beginning: String
    ) async throws {
        try await withServer { server in
            let client = try server.client()
            try await client.send(Self.get)
            #expect(try await client.answer()?.status == 200)
            try await client.send(beginning)
            client.reset()
            while server.server.connectionCount > 0 { await Task.yield() }
            #expect(try await server.answer(to: Self.get)?.status == 200)
        }
    }

    @Test
    func `a connection that is reset while its handler works costs no more than that`()
        async throws
    {
        let gate = Gate()
        try await withServer(answer: { request in
            guard request.target.path == "/slow" else { return .text("fast") }
            return .later {
                await gate.pass()
                return .text("nobody reads this")
            }
        }) { server in
            let client = try server.client()
            try await client.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await gate.arrived(1)
            client.reset()
            #expect(try await server.answer(to: Self.get)?.body == "fast")
            await gate.open()
            while server.server.connectionCount > 0 { await Task.yield() }
        }
    }

    @Test
    func `a client that asks without reading is answered no further than the limits`()
        async throws
    {
        let answers = Atomic<Int>(0)
        let size = 256 * 1024
        try await withServer {
            $0.unsentBytes = 16 * 1024
            $0.writePace = Pace(grace: .milliseconds(200), bytesPerSecond: 1_000_000_000)
        } answer: { _ in
            answers.add(1, ordering: .relaxed)
            return .now(.zeros(size))
        } _: { server in
            let client = try server.client()
            try await client.send(String(repeating: Self.get, count: 64))
            try await client.waitForReset()
            // One waits here, less than one in the kernel here, the rest in the client's kernel.
            let clientHolds = (client.receiveBufferBytes + size - 1) / size
            #expect(answers.load(ordering: .relaxed) <= 2 + clientHolds)
        }
    }

    @Test
    func `a flood of pipelined requests is answered in full, and others between`() async throws {
        try await withServer(loops: 1) { server in
            let (flood, other) = (try server.client(), try server.client())
            let count = 5_000
            let requests = Array(String(repeating: Self.get, count: count).utf8)
            // On the thread of a client that has nothing else to do, since this one reads.
            async let sending: Void = try server.client().blocking {
                try TestClient.sendAll(requests, to: flood.descriptor)
            }
            for answered in 0..<count {
                #expect(try await flood.answer()?.status == 200)
                guard answered % 1_000 == 0 else { continue }
                try await other.send(Self.get)
                #expect(try await other.answer()?.status == 200)
            }
            try await sending
        }
    }

    @Test
    func `an answer that comes while others are unsent is sent behind them`() async throws {
        let later = Atomic<Int>(0)
        let size = 56 * 1024
        try await withServer(
            loops: 1,
            answer: { request in
                guard request.target.path == "/later" else { return .now(.zeros(size)) }
                return .later {
                    later.add(1, ordering: .relaxed)
                    return .text("later")
                }
            }
        ) { server in
            let (flood, other) = (try server.client(), try server.client())
            let pair = Self.get + "GET /later HTTP/1.1\r\nHost: x\r\n\r\n"
            // More than both kernels hold, so that the server has to stop in between.
            let count = 400
            try await flood.send(String(repeating: pair, count: count))
            var before = -1
            while later.load(ordering: .relaxed) != before {
                before = later.load(ordering: .relaxed)
                // Each answer to somebody else is a round in which the flood had its turn.
                for _ in 1...5 {
                    try await other.send(Self.get)
                    #expect(try await other.answer()?.status == 200)
                }
            }
            #expect(before < count, "the client's kernel took everything")
            for _ in 0..<count {
                #expect(try await flood.answer()?.body.utf8.count == size)
                #expect(try await flood.answer()?.body == "later")
            }
        }
    }

    @Test
    func `a flood of headers is refused before it ends`() async throws {
        try await withServer { server in
            let client = try server.client()
            let lines = String(repeating: "a: b\r\n", count: 1000)
            try await client.send("GET / HTTP/1.1\r\nHost: x\r\n" + lines)
            #expect(try await client.answer()?.status == 431)
            #expect(try await client.answer() == nil)
        }
    }

    @Test
    func `refusals are told of once a second, however many there are`() {
        var count = RefusalCount()
        let start = ContinuousClock.now
        let told = [0, 1, 500, 999, 1000, 1001, 5000].map { millisecond in
            count.refused(at: start + .milliseconds(millisecond))
        }
        #expect(told == [1, nil, nil, nil, 4, nil, 2])
    }
}
