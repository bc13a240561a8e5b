import Dispatch
import Glibc
import Reactor
import Testing

/// One blocking connection to a server, with a queue of its own to block on.
final class TestClient: Sendable {
    let descriptor: CInt
    private let queue = DispatchQueue(label: "client")
    /// Bytes that were read beyond the answer before. On the queue only.
    private nonisolated(unsafe) var rest: [UInt8] = []

    struct Answer: Sendable, Equatable {
        var status: Int
        var fields: [String: String]
        var body: String
    }

    enum Failure: Error {
        case endedInTheMiddle([UInt8])
    }

    /// Connects to `port` of the loopback address, from `source` if one is given.
    init(port: Int, from source: String? = nil) throws {
        descriptor = try Self.connect(port: port, from: source)
    }

    /// Takes charge of a connected blocking socket.
    init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// A connected blocking socket that gives up reading after 200 s.
    static func connect(port: Int, from source: String? = nil) throws -> CInt {
        // A PostgreSQL that another test starts meanwhile would inherit thousands of them.
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, kind, 0)
        guard descriptor >= 0 else { throw SystemError.last("socket") }
        var patience = timeval(tv_sec: 200, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        if let source {
            guard onAddress(source, port: 0, { bind(descriptor, $0, $1) }) == 0 else {
                throw SystemError.last("bind")
            }
        }
        guard onAddress("127.0.0.1", port: port, { Glibc.connect(descriptor, $0, $1) }) == 0 else {
            let error = SystemError.last("connect")
            _ = Glibc.close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func onAddress(
        _ host: String, port: Int, _ call: (UnsafePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                call($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    /// Runs `body` where it may block.
    func blocking<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: .init(catching: body)) }
        }
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) async throws {
        try await blocking { try Self.sendAll(bytes, to: self.descriptor) }
    }

    static func sendAll(_ bytes: [UInt8], to descriptor: CInt) throws {
        var start = 0
        while start < bytes.count {
            let sent = bytes.withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress.map { $0 + start }, $0.count - start,
                    CInt(MSG_NOSIGNAL))
            }
            guard sent > 0 else { throw SystemError.last("send") }
            start += sent
        }
    }

    /// Breaks off, so that the server meets a reset. A socket of no family dissolves the connection
    /// and keeps the descriptor (connect(2)).
    func reset() {
        var nobody = sockaddr()
        nobody.sa_family = sa_family_t(AF_UNSPEC)
        _ = Glibc.connect(descriptor, &nobody, socklen_t(MemoryLayout<sockaddr>.size))
    }

    /// How much this side's kernel keeps for us at most.
    var receiveBufferBytes: Int {
        var bytes: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &bytes, &size)
        return Int(bytes)
    }

    func finishSending() {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    /// The next answer; nil when the server has closed the connection before it.
    func answer(hasBody: Bool = true) async throws -> Answer? {
        try await blocking { try self.readAnswer(hasBody: hasBody) }
    }

    /// Waits until the server has reset the connection, without reading.
    func waitForReset() async throws {
        try await blocking {
            var entry = pollfd(fd: self.descriptor, events: 0, revents: 0)
            guard poll(&entry, 1, 200_000) == 1 else { throw SystemError.last("poll") }
        }
    }

    private func readAnswer(hasBody: Bool) throws -> Answer? {
        while rest.endOfHead == nil {
            guard try readMore() else {
                if rest.isEmpty { return nil }
                throw Failure.endedInTheMiddle(rest)
            }
        }
        let end = rest.endOfHead ?? 0
        var answer = Self.parse(String(decoding: rest[..<end], as: UTF8.self))
        rest.removeSubrange(..<end)
        let length = hasBody ? Int(answer.fields["content-length"] ?? "") ?? 0 : 0
        while rest.count < length {
            guard try readMore() else { throw Failure.endedInTheMiddle(rest) }
        }
        answer.body = String(decoding: rest[..<length], as: UTF8.self)
        rest.removeSubrange(..<length)
        return answer
    }

    private func readMore() throws -> Bool {
        var buffer = [UInt8](repeating: 0, count: 256 * 1024)
        let count = read(descriptor, &buffer, buffer.count)
        guard count >= 0 else { throw SystemError.last("read") }
        rest.append(contentsOf: buffer[..<count])
        return count > 0
    }

    private static func parse(_ head: String) -> Answer {
        let lines = head.split(separator: "\r\n")
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            fields[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let status = lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return Answer(status: status ?? 0, fields: fields, body: "")
    }
}

extension [UInt8] {
    /// Where the first blank line ends.
    fileprivate var endOfHead: Int? {
        let blank = Array("\r\n\r\n".utf8)
        return indices.first { self[$0] == blank[0] && self[$0...].starts(with: blank) }
            .map { $0 + blank.count }
    }
}
