/// `host` or `host:port`: the Host field, and two forms of the request target (RFC 3986 3.2).
enum Authority {
    /// User information and an empty host are refused: `http` has no use for them (RFC 9110 4.2).
    static func isValid(_ bytes: ArraySlice<UInt8>, needsPort: Bool = false) -> Bool {
        guard let hostEnd = endOfHost(bytes), hostEnd > bytes.startIndex else { return false }
        guard hostEnd < bytes.endIndex else { return !needsPort }
        let port = bytes[hostEnd...].dropFirst()
        return bytes[hostEnd] == UInt8(ascii: ":")
            && port.count <= 5 && port.allSatisfy(ASCII.isDigit)
            && !(needsPort && port.isEmpty)
    }

    static func isValid(_ text: String, needsPort: Bool = false) -> Bool {
        isValid(Array(text.utf8)[...], needsPort: needsPort)
    }

    /// Where the name or the bracketed address ends; nil for brackets that do not close.
    private static func endOfHost(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.first == UInt8(ascii: "[") else {
            return bytes.firstIndex { !ByteSet.registeredName.contains($0) } ?? bytes.endIndex
        }
        let inside = bytes.dropFirst().prefix { ByteSet.addressLiteral.contains($0) }
        guard !inside.isEmpty, inside.endIndex < bytes.endIndex,
            bytes[inside.endIndex] == UInt8(ascii: "]")
        else { return nil }
        return inside.endIndex + 1
    }
}
