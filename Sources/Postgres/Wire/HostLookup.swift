import Glibc

/// A host name's addresses in the order in which they should be tried (getaddrinfo(3), RFC 6724),
/// as text. Blocks; empty when there are none.
func numericAddresses(ofHost name: String) -> [String] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(name, nil, &hints, &list) == 0, let first = list else { return [] }
    defer { freeaddrinfo(first) }
    var addresses: [String] = []
    for entry in sequence(first: first, next: \.pointee.ai_next) {
        guard let text = numericText(entry.pointee), !addresses.contains(text) else { continue }
        addresses.append(text)
    }
    return addresses
}

private func numericText(_ entry: addrinfo) -> String? {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(NI_MAXHOST)) { text in
        let status = getnameinfo(
            entry.ai_addr, entry.ai_addrlen, text.baseAddress, socklen_t(text.count), nil, 0,
            NI_NUMERICHOST)
        guard status == 0, let start = text.baseAddress else { return nil }
        return String(cString: start)
    }
}
