import Reactor
import Testing

@testable import HTTPServer

/// A deadline that passes while the process stands still, or is busy with others: what has come
/// meanwhile is not late.
@Suite(.timeLimit(.minutes(1)))
struct DeadlineTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Lets the deadline pass the moment that it is set, before the socket is looked at again.
        let change: @Sendable (inout ServerLimits) -> Void
        let sent: String
        let statuses: [Int]

        init(
            _ name: String, _ sent: String, _ statuses: [Int],
            change: @escaping @Sendable (inout ServerLimits) -> Void
        ) {
            testDescription = name
            self.sent = sent
            self.statuses = statuses
            self.change = change
        }
    }

    private static let get = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    private static let oneRead = 64 * 1024

    private static func post(_ length: Int, missing: Int = 0) -> String {
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: \(length)\r\n\r\n"
            + String(repeating: "x", count: length - missing)
    }

    /// A request that leaves room for so many bytes in the read that it comes with.
    private static func post(leaving rest: Int) -> String {
        let head = post(10_000, missing: 10_000).utf8.count
        return post(oneRead - head - rest)
    }

    static let rows = [
        Row("a request, when a connection has idled", get, [200]) { $0.idleDeadline = .zero },
        Row("no request", "", []) { $0.idleDeadline = .zero },
        Row("an empty line, which is none", "\r\n", []) { $0.idleDeadline = .zero },
        Row("the rest of a head", post(leaving: 9) + get, [200, 200]) {
            $0.headDeadline = .zero
        },
        Row("more of a head, but not its end", post(leaving: 9) + get.dropLast(), [200, 408]) {
            $0.headDeadline = .zero
        },
        Row("the rest of a body", post(oneRead + 999), [200]) { $0.bodyPace.grace = .zero },
        Row("more of a body, but not its end", post(oneRead + 999, missing: 1), [408]) {
            $0.bodyPace.grace = .zero
        },
    ]

    @Test(arguments: rows)
    func `a deadline judges what has come, read or not`(row: Row) async throws {
        var limits = ServerLimits()
        limits.idleDeadline = .seconds(300)
        limits.headDeadline = .seconds(300)
        // So fast that bytes buy no time.
        limits.bodyPace = Pace(grace: .seconds(300), bytesPerSecond: 1_000_000_000)
        row.change(&limits)
        let loop = try EventLoop(label: "test")
        defer { loop.close() }
        let server = try WorkerFixture(loop: loop, limits: limits)
        try await server.client.send(row.sent)
        server.serve()
        for status in row.statuses {
            #expect(try await server.client.answer()?.status == status)
        }
        server.client.finishSending()
        #expect(try await server.client.answer() == nil)
    }
}
