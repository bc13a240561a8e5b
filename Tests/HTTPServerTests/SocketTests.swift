import Glibc
import Testing

@testable import HTTPServer

@Suite(.timeLimit(.minutes(10)))
struct SocketTests {
    /// By this the pace of a client that reads is measured: what the kernel takes of us is neither.
    @Test func `bytes are unacknowledged until the peer has them`() async throws {
        let addresses = try await NameResolution.addresses(of: "127.0.0.1", port: 0)
        let (listeners, port) = try ListeningSockets.open(addresses, limits: ServerLimits())
        defer { for listener in listeners { listener.close() } }
        let peer = try TestClient.connect(port: port)
        defer { _ = Glibc.close(peer) }
        let socket = try #require(try listeners[0].accept()).socket
        defer { socket.close() }

        let block = [UInt8](repeating: 120, count: 1 << 20)
        var sent = 0
        while let count = try socket.send(block, from: 0) { sent += count }
        let unacknowledged = socket.unacknowledgedBytes
        #expect(unacknowledged > 0 && unacknowledged < sent)

        var buffer = block
        while sent > 0 {
            let count = recv(peer, &buffer, buffer.count, 0)
            try #require(count > 0)
            sent -= count
        }
        while socket.unacknowledgedBytes > 0 { await Task.yield() }
    }
}
