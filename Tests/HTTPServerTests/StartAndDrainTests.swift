import Glibc
import HTTP
import Logging
import Reactor
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(10)))
struct StartAndDrainTests {
    private static let get = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"

    @Test(arguments: ["127.0.0.1", "localhost", "0.0.0.0"])
    func `port 0 becomes a real port, on which the loopback address answers`(
        host: String
    ) async throws {
        try await withServer(host: host) { server in
            #expect(server.port > 0)
            let answer = try await server.answer(to: Self.get)
            #expect(answer?.status == 200)
        }
    }

    @Test
    func `a port that is taken, and a name that nobody has, stop the start with the reason`()
        async throws
    {
        try await withServer { running in
            let group = try EventLoopGroup(count: 1, label: "second")
            defer { group.close() }
            func start(_ host: String) async throws(ServerError) {
                let server = Server(
                    host: host, port: running.port, limits: ServerLimits(), loops: group.loops,
                    responder: TestResponder { _ in .text("") }, logger: Logger(label: "second"))
                _ = try await server.start()
            }
            let taken = await #expect(throws: ServerError.self) { try await start("127.0.0.1") }
            #expect("\(try #require(taken))".hasSuffix("bind: Address already in use"))
            let unknown = await #expect(throws: ServerError.self) {
                try await start("not..a.name")
            }
            #expect("\(try #require(unknown))".hasPrefix("cannot resolve not..a.name: "))
        }
    }

    @Test
    func `draining answers what is in flight, closes the idle, and refuses the new`()
        async throws
    {
        let gate = Gate()
        try await withServer {
            $0.lingerDeadline = .milliseconds(20)
            $0.drainGrace = .milliseconds(20)
        } answer: { request in
            request.target.path == "/slow"
                ? .later {
                    await gate.pass()
                    return .text("slow")
                } : .text("fast")
        } _: { server in
            let (idle, busy) = (try server.client(), try server.client())
            try await idle.send(Self.get)
            #expect(try await idle.answer()?.status == 200)
            try await busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
            await gate.arrived(1)

            async let drained = server.server.drain()
            #expect(try await idle.answer() == nil)
            #expect(throws: SystemError.self) { try server.client() }
            await gate.open()
            let answer = try #require(try await busy.answer())
            #expect(answer.body == "slow")
            #expect(answer.fields["connection"] == "close")
            #expect(try await busy.answer() == nil)
            #expect(await drained)
            #expect(server.server.connectionCount == 0)
        }
    }

    @Test
    func `a request that has come but was not read when draining begins is answered`()
        async throws
    {
        try await withServer(
            { $0.lingerDeadline = .milliseconds(20) }, loops: 1
        ) { server in
            let clients = try (0..<40).map { _ in try server.client() }
            for client in clients { try await client.send(Self.get) }
            #expect(await server.server.drain())
            for client in clients { #expect(try await client.answer()?.status == 200) }
        }
    }

    @Test
    func `when the end is announced every answer is a connection's last, and new ones are taken`()
        async throws
    {
        try await withServer { server in
            let old = try server.client()
            try await old.send(Self.get)
            #expect(try await old.answer()?.fields["connection"] == nil)
            await server.server.announceEnd()
            for client in [old, try server.client()] {
                try await client.send(Self.get)
                let answer = try #require(try await client.answer())
                #expect(answer.status == 200)
                #expect(answer.fields["connection"] == "close")
                #expect(try await client.answer() == nil)
            }
        }
    }

    @Test
    func `a request that is on its way to an idle connection is answered`() async throws {
        try await withServer {
            $0.drainGrace = .seconds(20)
        } _: { server in
            let client = try server.client()
            try await client.send(Self.get)
            #expect(try await client.answer()?.status == 200)
            async let drained = server.server.drain()
            // Until draining has begun.
            while (try? server.client()) != nil { await Task.yield() }
            try await client.send(Self.get)
            #expect(try await client.answer()?.fields["connection"] == "close")
            #expect(try await client.answer() == nil)
            client.finishSending()
            #expect(await drained)
        }
    }

    @Test
    func `under load every request is answered though draining begins`() async throws {
        try await withServer {
            // Longer than any client takes to send its next request.
            $0.drainGrace = .seconds(20)
            $0.lingerDeadline = .milliseconds(20)
        } _: { server in
            let clients = try (0..<16).map { _ in try server.client() }
            let drained = try await withThrowingTaskGroup { group in
                let (starts, start) = AsyncStream.makeStream(of: Void.self)
                for client in clients {
                    group.addTask {
                        var isFirst = true
                        // Ends with the last answer; none, or one in pieces, would throw.
                        while try await Self.exchange(on: client) {
                            if isFirst { start.yield() }
                            isFirst = false
                        }
                    }
                }
                var answering = 0
                for await _ in starts {
                    answering += 1
                    if answering == clients.count { break }
                }
                let drained = await server.server.drain()
                try await group.waitForAll()
                return drained
            }
            #expect(drained)
        }
    }

    /// Whether the connection goes on.
    private static func exchange(on client: TestClient) async throws -> Bool {
        try await client.send(get)
        let answer = try #require(try await client.answer())
        return answer.fields["connection"] != "close"
    }

    @Test
    func `what is not done by the drain deadline is cut`() async throws {
        let gate = Gate()
        try await withServer {
            $0.drainDeadline = .milliseconds(50)
        } answer: { _ in
            .later {
                await gate.pass()
                return .text("too late")
            }
        } _: { server in
            let client = try server.client()
            try await client.send(Self.get)
            await gate.arrived(1)
            #expect(await server.server.drain() == false)
            #expect(server.server.connectionCount == 0)
            await #expect(throws: SystemError.self) { try await client.answer() }
            await gate.open()
        }
    }

    @Test
    func `a server that never started is drained`() async throws {
        let group = try EventLoopGroup(count: 2, label: "unused")
        defer { group.close() }
        let server = Server(
            host: "127.0.0.1", port: 0, limits: ServerLimits(), loops: group.loops,
            responder: TestResponder { _ in .text("") }, logger: Logger(label: "unused"))
        #expect(await server.drain())
    }
}
