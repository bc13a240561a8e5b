import Glibc
import Reactor

enum ListeningSockets {
    /// Sockets that listen on all `addresses`, all on one port. An address of a family that this
    /// machine does not have is left out, as long as one is left.
    static func open(
        _ addresses: [SocketAddress], limits: ServerLimits
    ) throws(SystemError) -> (sockets: [Socket], port: Int) {
        var attempts = 0
        while true {
            do throws(SystemError) {
                return try openOnOnePort(addresses, limits: limits)
            } catch {
                // The free port that the kernel chose for the first address may be taken on the
                // next one.
                attempts += 1
                let choseFreePort = addresses.first?.port == 0 && addresses.count > 1
                guard error.code == EADDRINUSE, choseFreePort, attempts < 16 else { throw error }
            }
        }
    }

    private static func openOnOnePort(
        _ addresses: [SocketAddress], limits: ServerLimits
    ) throws(SystemError) -> (sockets: [Socket], port: Int) {
        var sockets: [Socket] = []
        var port = addresses.first?.port ?? 0
        var missing = SystemError(call: "bind", code: EADDRNOTAVAIL)
        do throws(SystemError) {
            for var address in addresses {
                address.port = port
                do throws(SystemError) {
                    let isAlone = addresses.count == 1
                    let socket = try open(address, limits: limits, isDualStack: isAlone)
                    sockets.append(socket)
                    port = try socket.port()
                } catch  where [EAFNOSUPPORT, EADDRNOTAVAIL].contains(error.code) {
                    missing = error
                }
            }
            guard !sockets.isEmpty else { throw missing }
        } catch {
            for socket in sockets { socket.close() }
            throw error
        }
        return (sockets, port)
    }

    private static func open(
        _ address: SocketAddress, limits: ServerLimits, isDualStack: Bool
    ) throws(SystemError) -> Socket {
        let socket = try Socket.open(family: address.family)
        do throws(SystemError) {
            // Connections of the last run may still be in TIME_WAIT on this port.
            try socket.set(SO_REUSEADDR, at: SOL_SOCKET, to: 1)
            // Answers are written whole: waiting for more only makes them late (by 40 ms). Accepted
            // sockets inherit it.
            try socket.set(TCP_NODELAY, at: CInt(IPPROTO_TCP), to: 1)
            let unsentBytes = CInt(clamping: limits.unsentBytes)
            try socket.set(TCP_NOTSENT_LOWAT, at: CInt(IPPROTO_TCP), to: unsentBytes)
            let milliseconds = CInt(limits.acknowledgeDeadline / .milliseconds(1))
            try socket.set(TCP_USER_TIMEOUT, at: CInt(IPPROTO_TCP), to: milliseconds)
            if address.family == AF_INET6 {
                let isOnlyIPv6: CInt = isDualStack ? 0 : 1
                try socket.set(IPV6_V6ONLY, at: CInt(IPPROTO_IPV6), to: isOnlyIPv6)
            }
            try socket.bind(to: address)
            try socket.listen(backlog: limits.backlog)
            return socket
        } catch {
            socket.close()
            throw error
        }
    }
}
