import Glibc
import Synchronization

@testable import Postgres

/// A door to the server on which a test can listen: it cuts the line when a word comes by.
///
/// Blocking sockets and one thread a direction: simple, and no part of what is tested.
final class WiretapProxy: Sendable {
    enum Cut: Sendable {
        /// The server never sees the word.
        case beforeForwarding(String)
        /// The server sees it, and acts on it; its answer never comes through.
        case beforeAnswering(String)
        /// From the word on, nothing comes through in either direction, and nobody hangs up.
        case freezing(String)
        /// The word waits until another connection has come and gone, as a cancel request does.
        case holdingBack(String)
    }

    let port: Int
    private let listener: CInt
    private let upstream: String
    private let cut: Cut?
    fileprivate let endedLines = Atomic(0)

    /// - Parameter address: one with a Unix socket's folder as its host.
    init(to address: DatabaseAddress, cut: Cut?, port: Int = 0) throws {
        let place = address.candidates[0]
        upstream = "\(place.host ?? "")/.s.PGSQL.\(place.port ?? "5432")"
        self.cut = cut
        (listener, self.port) = try listenOnLoopback(port: port)
        let thread = Thread { [self] in acceptAll() }
        thread.start()
    }

    /// The way through the proxy to the same database.
    func address(like address: DatabaseAddress) throws -> DatabaseAddress {
        try DatabaseAddress(
            "host=127.0.0.1 port=\(port) user=\(address.user ?? "") "
                + "dbname=\(address.database ?? "") sslmode=disable gssencmode=disable")
    }

    func close() {
        shutdown(listener, CInt(SHUT_RDWR))
    }

    private func acceptAll() {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { break }
            let server = connectToSocket(upstream)
            let line = Line(client: client, server: server, proxy: self, cut: cut)
            Thread { line.carryRequests() }.start()
            Thread { line.carryAnswers() }.start()
        }
        Glibc.close(listener)
    }
}

/// One client's connection through the proxy. Each direction has its own thread; the last one out
/// closes both descriptors.
private final class Line: Sendable {
    private let client: CInt
    private let server: CInt
    private let proxy: WiretapProxy
    private let cut: WiretapProxy.Cut?
    private let isMuted = Atomic(false)
    private let ended = Atomic(0)

    init(client: CInt, server: CInt, proxy: WiretapProxy, cut: WiretapProxy.Cut?) {
        self.client = client
        self.server = server
        self.proxy = proxy
        self.cut = cut
    }

    func carryRequests() {
        while let bytes = receive(from: client) {
            let text = String(decoding: bytes, as: Unicode.ASCII.self)
            switch cut {
            case .beforeForwarding(let word) where text.contains(word): hangUp()
            case .beforeAnswering(let word) where text.contains(word):
                isMuted.store(true, ordering: .sequentiallyConsistent)
                send(bytes, to: server)
            case .freezing(let word) where text.contains(word):
                isMuted.store(true, ordering: .sequentiallyConsistent)
            case .holdingBack(let word) where text.contains(word):
                while proxy.endedLines.load(ordering: .sequentiallyConsistent) == 0 { usleep(1000) }
                send(bytes, to: server)
            default: send(bytes, to: server)
            }
        }
        finish()
    }

    func carryAnswers() {
        while let bytes = receive(from: server) {
            guard isMuted.load(ordering: .sequentiallyConsistent) else {
                send(bytes, to: client)
                continue
            }
            if case .beforeAnswering = cut { hangUp() }
        }
        finish()
    }

    private func hangUp() {
        shutdown(client, CInt(SHUT_RDWR))
        shutdown(server, CInt(SHUT_RDWR))
    }

    private func finish() {
        hangUp()
        guard ended.add(1, ordering: .sequentiallyConsistent).newValue == 2 else { return }
        close(client)
        close(server)
        proxy.endedLines.add(1, ordering: .sequentiallyConsistent)
    }
}

/// A listener on a free port that takes connections in and never says a word.
final class SilentServer: Sendable {
    let port: Int
    private let listener: CInt

    init() throws {
        (listener, port) = try listenOnLoopback()
    }

    func close() {
        Glibc.close(listener)
    }
}

// MARK: - Sockets

struct SocketError: Error {
    let call: String
    let code = errno
}

private struct Thread {
    let body: @Sendable () -> Void

    func start() {
        final class Box: Sendable {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(Box(body)).toOpaque()
        let status = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Box>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, context)
        precondition(status == 0, "no thread")
        pthread_detach(thread)
    }
}

private func listenOnLoopback(port: Int = 0) throws -> (listener: CInt, port: Int) {
    let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    guard listener >= 0 else { throw SocketError(call: "socket") }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    var reuse: CInt = 1
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<CInt>.size))
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(listener, $0, length) == 0 && listen(listener, 64) == 0
                && getsockname(listener, $0, &length) == 0
        }
    }
    guard status else { throw SocketError(call: "bind") }
    return (listener, Int(UInt16(bigEndian: address.sin_port)))
}

private func connectToSocket(_ path: String) -> CInt {
    let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    _ = withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, length)
        }
    }
    return descriptor
}

/// Nil at the end.
private func receive(from descriptor: CInt) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    return count > 0 ? Array(buffer.prefix(count)) : nil
}

private func send(_ bytes: [UInt8], to descriptor: CInt) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        guard count > 0 else { return }
        rest = rest.dropFirst(count)
    }
}
