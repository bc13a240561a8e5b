import Dispatch
import FoundationEssentials
import Glibc

/// An answer, as far as these tests look at it.
struct TestAnswer: Sendable {
    let status: Int
    let body: String
    /// The server says that it closes the connection.
    let isLast: Bool

    /// The members that the tests ask for, of any of the service's objects.
    struct Members: Decodable {
        var credits: Int?
        var status: String?
        var available: Int?
    }

    var members: Members {
        get throws { try JSONDecoder().decode(Members.self, from: Data(body.utf8)) }
    }
}

struct TestClientError: Error {
    let what: String
}

/// A client with one connection, which blocks: plain, so that what is tested is the server. Use it
/// inside `onThread`, never in a task.
final class TestClient {
    private let descriptor: CInt
    private var received: [UInt8] = []

    init(port: Int) throws {
        descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else {
            close(descriptor)
            throw TestClientError(what: "connect: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func send(_ method: String, _ path: String, _ body: String? = nil) throws -> TestAnswer {
        var text = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n"
        if let body { text += "Content-Length: \(body.utf8.count)\r\n" }
        try write(Array((text + "\r\n" + (body ?? "")).utf8))
        return try readAnswer()
    }

    private func write(_ bytes: [UInt8]) throws {
        let written = Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
        guard written == bytes.count else { throw TestClientError(what: "the server is gone") }
    }

    /// The tests' answers have a Content-Length, all of them.
    private func readAnswer() throws -> TestAnswer {
        while true {
            if let answer = try takeAnswer() { return answer }
            var buffer = [UInt8](repeating: 0, count: 16_384)
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { throw TestClientError(what: "the server closed") }
            received += buffer[..<count]
        }
    }

    private func takeAnswer() throws -> TestAnswer? {
        let lineEnd = Array("\r\n\r\n".utf8)
        let ends = received.indices.dropLast(3)
        guard let end = ends.first(where: { received[$0..<$0 + 4].elementsEqual(lineEnd) })
        else { return nil }
        let lines = String(decoding: received[..<end], as: UTF8.self).split(separator: "\r\n")
        guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        else { throw TestClientError(what: "no status line in \(lines)") }
        let body = end + 4
        let bodyEnd = body + Self.contentLength(lines)
        guard received.count >= bodyEnd else { return nil }
        let text = String(decoding: received[body..<bodyEnd], as: UTF8.self)
        received.removeFirst(bodyEnd)
        let isLast = lines.contains { $0.lowercased() == "connection: close" }
        return TestAnswer(status: status, body: text, isLast: isLast)
    }

    private static func contentLength(_ lines: [Substring]) -> Int {
        let name = "content-length:"
        let line = lines.first { $0.lowercased().hasPrefix(name) }
        return line.flatMap { Int($0.dropFirst(name.count).drop { $0 == " " }) } ?? 0
    }
}

/// Runs blocking work on a thread of its own, so that the tests' own threads stay free.
func onThread<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "test client").async {
            continuation.resume(with: Result(catching: work))
        }
    }
}
