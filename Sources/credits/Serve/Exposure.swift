import Glibc

/// Who can reach an address to listen on.
enum Exposure: Sendable, Equatable {
    /// Only this machine.
    case loopback
    case network

    /// A name other than `localhost` counts as reachable from outside, whatever it resolves to: the
    /// answer decides whether a key is needed, so a doubt costs a key and not the data.
    init(host: String) {
        let name = host.lowercased().drop { $0 == "[" }.prefix { $0 != "]" && $0 != "%" }
        let isLoopback = name == "localhost" || Self.isLoopbackV4(name) || Self.isLoopbackV6(name)
        self = isLoopback ? .loopback : .network
    }

    /// 127.0.0.0/8 (RFC 1122, 3.2.1.3).
    private static func isLoopbackV4(_ name: Substring) -> Bool {
        var address = in_addr()
        guard inet_pton(AF_INET, String(name), &address) == 1 else { return false }
        return UInt32(bigEndian: address.s_addr) >> 24 == 127
    }

    /// ::1 and ::ffff:127.0.0.0/104 (RFC 4291, 2.5.3 and 2.5.5.2).
    private static func isLoopbackV6(_ name: Substring) -> Bool {
        var address = in6_addr()
        guard inet_pton(AF_INET6, String(name), &address) == 1 else { return false }
        return withUnsafeBytes(of: address) { bytes in
            let isOne = bytes.dropLast().allSatisfy { $0 == 0 } && bytes[15] == 1
            let isMapped =
                bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
            return isOne || (isMapped && bytes[12] == 127)
        }
    }
}
