import Glibc

/// An IPv4 or IPv6 address with its port, as the kernel takes it.
struct SocketAddress: Sendable {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// Room for any address, to be filled by a system call.
    init() {}

    init(_ address: UnsafePointer<sockaddr>, length: socklen_t) {
        self.length = min(length, self.length)
        withUnsafeMutableBytes(of: &storage) { storage in
            storage.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(length)))
        }
    }

    var family: CInt { CInt(storage.ss_family) }

    var port: Int {
        get { Int(UInt16(bigEndian: rawPort)) }
        set { rawPort = UInt16(newValue).bigEndian }
    }

    /// sin_port and sin6_port stand at the same place.
    private var rawPort: UInt16 {
        get {
            withUnsafeBytes(of: storage) { $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self) }
        }
        set {
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: newValue, toByteOffset: 2, as: UInt16.self)
            }
        }
    }

    /// The address without the port, in network order: 4 bytes or 16, none for another family. An
    /// IPv4 client of a dual-stack socket comes as ::ffff:a.b.c.d (RFC 4291 2.5.5.2): here as IPv4.
    var host: [UInt8] {
        withUnsafeBytes(of: storage) { bytes in
            switch family {
            case AF_INET: return Array(bytes[4..<8])
            case AF_INET6:
                let address = bytes[8..<24]
                let mappedPrefix: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
                return Array(address.starts(with: mappedPrefix) ? address.suffix(4) : address)
            default: return []
            }
        }
    }

    /// The host in the usual spelling; empty for a family other than IPv4 and IPv6.
    var hostText: String {
        let host = host
        guard !host.isEmpty else { return "" }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = host.count == 4 ? AF_INET : AF_INET6
        guard inet_ntop(family, host, &text, socklen_t(text.count)) != nil else { return "" }
        return text.withUnsafeBufferPointer { $0.baseAddress.map(String.init(cString:)) ?? "" }
    }

    func withPointer<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        withUnsafePointer(to: storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }

    mutating func withMutablePointer<Result>(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, &length) }
        }
    }
}
