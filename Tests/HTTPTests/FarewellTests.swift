import HTTP
import Testing

/// Whether a connection may be closed at once after its last answer, or has to wait for what the
/// client may still send (RFC 9112 9.6).
@Suite struct FarewellTests {
    private static let close = "GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
    private static let old = "GET / HTTP/1.0\r\n\r\n"
    private static let usual = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let tunnel = "CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\n\r\n"

    @Test(arguments: [(close, true), (old, true), (close + "\r\n", false), (tunnel, false)])
    func `a client that said it sends no more is not waited for`(text: String, isLast: Bool) {
        var server = Dialogue()
        _ = server.hears(text)
        #expect(server.connection.expectsNothing == false)
        #expect(server.answers() == ["close"])
        #expect(server.connection.expectsNothing == isLast)
    }

    @Test func `a client that is sent away may be sending still`() {
        var server = Dialogue()
        _ = server.hears(Self.usual)
        _ = server.drains()
        #expect(server.answers() == ["close"])
        #expect(server.connection.expectsNothing == false)
    }

    @Test func `a client that was refused may be sending still`() {
        var server = Dialogue()
        _ = server.hears("GET / HTTP/1.1\r\nConnection: close\r\n\r\n")
        #expect(server.answers() == ["close"])
        #expect(server.connection.expectsNothing == false)
    }
}
