/// `host` or `host:port`: the Host field, and two forms of the request target (RFC 3986 3.2).
enum Authority {
    /// User information and an empty host are refused: `http` has no use for them (RFC 9110 4.2).
    /// So is a port that TCP does not have, and 0 where somebody is to be connected to it.
    static func isValid(_ bytes: ArraySlice<UInt8>, needsPort: Bool = false) -> Bool {
        guard let hostEnd = endOfHost(bytes), hostEnd > bytes.startIndex else { return false }
        guard hostEnd < bytes.endIndex else { return !needsPort }
        guard bytes[hostEnd] == UInt8(ascii: ":") else { return false }
        let port = bytes[hostEnd...].dropFirst()
        guard !port.isEmpty else { return !needsPort }
        guard port.count <= 5, port.allSatisfy(ASCII.isDigit) else { return false }
        let number = port.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return number <= 65_535 && !(needsPort && number == 0)
    }

    /// Where the name or the bracketed address ends; nil where either is misspelled.
    private static func endOfHost(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.first == UInt8(ascii: "[") else {
            let end = bytes.firstIndex { !ByteSet.registeredName.contains($0) } ?? bytes.endIndex
            return PercentEncoding.isValid(bytes[..<end]) ? end : nil
        }
        guard let bracket = bytes.firstIndex(of: UInt8(ascii: "]")),
            AddressLiteral.isValid(bytes[..<bracket].dropFirst())
        else { return nil }
        return bracket + 1
    }
}
