import Dispatch
import Glibc

enum NameResolution {
    /// Every address of `host` (a name, an IPv4 or an IPv6 address), each once, with `port`. The
    /// resolver blocks, so it does it on a thread that nothing else waits for.
    static func addresses(
        of host: String, port: Int
    ) async throws(ServerError) -> [SocketAddress] {
        let result = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(returning: resolve(host, port: port))
            }
        }
        return try result.get()
    }

    private static func resolve(
        _ host: String, port: Int
    ) -> Result<[SocketAddress], ServerError> {
        var hints = addrinfo()
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, String(port), &hints, &list)
        guard code == 0 else {
            let reason = gai_strerror(code).map(String.init(cString:)) ?? "error \(code)"
            return .failure(.cannotResolve(host: host, reason: reason))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var seen: Set<[UInt8]> = []
        for entry in sequence(first: list, next: { $0?.pointee.ai_next }) {
            guard let info = entry?.pointee, let pointer = info.ai_addr else { continue }
            let address = SocketAddress(pointer, length: info.ai_addrlen)
            // A hosts file may name localhost twice, once as ::1 and once as 127.0.0.1.
            if !address.host.isEmpty, seen.insert(address.host).inserted {
                addresses.append(address)
            }
        }
        return .success(addresses)
    }
}
