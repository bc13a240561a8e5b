import CLinux
import Glibc
import Reactor

/// A TCP socket, non-blocking and close-on-exec: one method a system call. A name for a descriptor,
/// not its owner: who holds one says when it is closed.
struct Socket: Hashable, Sendable {
    let descriptor: CInt

    static func open(family: CInt) throws(SystemError) -> Socket {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(family, kind, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        return Socket(descriptor: descriptor)
    }

    func set(_ option: CInt, at level: CInt, to value: CInt) throws(SystemError) {
        var value = value
        let size = socklen_t(MemoryLayout<CInt>.size)
        guard setsockopt(descriptor, level, option, &value, size) == 0 else {
            throw .last("setsockopt")
        }
    }

    func bind(to address: SocketAddress) throws(SystemError) {
        let result = address.withPointer { Glibc.bind(descriptor, $0, $1) }
        guard result == 0 else { throw .last("bind") }
    }

    func listen(backlog: Int) throws(SystemError) {
        guard Glibc.listen(descriptor, CInt(clamping: backlog)) == 0 else { throw .last("listen") }
    }

    /// The port that the socket is bound to.
    func port() throws(SystemError) -> Int {
        var address = SocketAddress()
        let result = address.withMutablePointer { getsockname(descriptor, $0, $1) }
        guard result == 0 else { throw .last("getsockname") }
        return address.port
    }

    /// The next connection and its peer; nil when none waits.
    func accept() throws(SystemError) -> (socket: Socket, peer: SocketAddress)? {
        var peer = SocketAddress()
        let accepted = peer.withMutablePointer { clinux_accept4(descriptor, $0, $1) }
        guard accepted >= 0 else {
            guard errno == EAGAIN || errno == EWOULDBLOCK else { throw .last("accept4") }
            return nil
        }
        return (Socket(descriptor: accepted), peer)
    }

    /// How many bytes came; 0 when the peer has finished sending; nil when none wait.
    func receive(into buffer: inout [UInt8]) throws(SystemError) -> Int? {
        let count = buffer.withUnsafeMutableBytes {
            recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        return try transferred(count, by: "recv")
    }

    /// How many bytes, from index `start` on, the kernel took; nil when it has no room for any.
    func send(_ bytes: [UInt8], from start: Int) throws(SystemError) -> Int? {
        let count = bytes.withUnsafeBytes {
            let rest = UnsafeRawBufferPointer(rebasing: $0[start...])
            return Glibc.send(descriptor, rest.baseAddress, rest.count, CInt(MSG_NOSIGNAL))
        }
        return try transferred(count, by: "send")
    }

    /// Bytes that were sent and that the peer has not acknowledged (tcp(7), SIOCOUTQ); 0 where that
    /// cannot be told.
    var unacknowledgedBytes: Int { max(0, Int(clinux_unacknowledged(descriptor))) }

    private func transferred(_ count: Int, by call: String) throws(SystemError) -> Int? {
        guard count < 0 else { return count }
        guard errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR else {
            throw .last(call)
        }
        return nil
    }

    func shutdownSending() throws(SystemError) {
        guard shutdown(descriptor, CInt(SHUT_WR)) == 0 else { throw .last("shutdown") }
    }

    func close() {
        // Linux gives the descriptor back even where close(2) reports an error, and for a socket
        // there is nothing else to learn from it.
        _ = Glibc.close(descriptor)
    }

    /// Throws away what the kernel still has to send, and resets the connection.
    func abort() {
        var linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<Glibc.linger>.size)
        // Without the option it would be an ordinary close, which is good enough.
        _ = setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, size)
        close()
    }
}
