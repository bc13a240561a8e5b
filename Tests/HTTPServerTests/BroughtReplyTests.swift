import Dispatch
import HTTP
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(1)))
struct BroughtReplyTests {
    /// Paths from where an answer comes: within the turn that asks for it, or from a thread that is
    /// none of the server's.
    @Sendable private static func answer(_ request: Request) -> Reply {
        let path = request.target.path
        return switch path {
        case "/at-once": .brought { receive in receive(.text(path)) }
        case "/elsewhere":
            .brought { receive in DispatchQueue.global().async { receive(.text(path)) } }
        default: .text(path)
        }
    }

    @Test(arguments: ["/at-once", "/elsewhere"])
    func `an answer that is brought goes out on a connection that is kept`(
        path: String
    ) async throws {
        try await withServer(answer: Self.answer) { server in
            let client = try server.client()
            for _ in 0..<3 {
                try await client.send(Self.get(path))
                #expect(try await client.answer()?.body == path)
            }
        }
    }

    @Test func `pipelined requests are answered in order, however the answers come`()
        async throws
    {
        let paths = (0..<300).map { ["/at-once", "/elsewhere", "/now"][$0 % 3] }
        try await withServer(answer: Self.answer) { server in
            let client = try server.client()
            try await client.send(paths.map(Self.get).joined())
            for path in paths {
                #expect(try await client.answer()?.body == path)
            }
        }
    }

    /// A responder may bring to one client what it learns from another's request, in the middle of
    /// that one's turn.
    @Test func `an answer that another connection's turn brings goes to its own client`()
        async throws
    {
        let (isAsked, asked) = AsyncStream.makeStream(of: Void.self)
        let receiver = KeptReceiver()
        try await withServer(
            loops: 1,
            answer: { request in
                guard request.target.path != "/kept" else {
                    return .brought { receive in
                        receiver.keep(receive)
                        asked.yield()
                    }
                }
                if request.target.path == "/bring" { receiver.bring(.text("/kept")) }
                return Self.answer(request)
            }
        ) { server in
            let (first, second) = (try server.client(), try server.client())
            try await first.send(Self.get("/kept"))
            _ = await isAsked.first { _ in true }
            let paths = ["/now", "/bring", "/now"]
            try await second.send(paths.map(Self.get).joined())
            #expect(try await first.answer()?.body == "/kept")
            for path in paths { #expect(try await second.answer()?.body == path) }
        }
    }

    @Test func `an answer whose client has gone is dropped, and others are served`() async throws {
        let (receivers, asked) = AsyncStream.makeStream(of: (@Sendable (Response) -> Void).self)
        try await withServer(answer: { request in
            request.target.path == "/kept" ? .brought { asked.yield($0) } : .text("served")
        }) { server in
            let client = try server.client()
            try await client.send(Self.get("/kept"))
            let receive = try #require(await receivers.first { _ in true })
            client.reset()

            receive(.text("to nobody"))
            while server.server.connectionCount > 0 { await Task.yield() }
            #expect(try await server.answer(to: Self.get("/other"))?.body == "served")
        }
    }

    private static func get(_ path: String) -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n"
    }
}
