/// `%41` for `A` (RFC 3986 2.1).
enum PercentEncoding {
    private static let percent = UInt8(ascii: "%")

    /// Whether two hexadecimal digits follow every percent sign.
    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.indices.allSatisfy { bytes[$0] != percent || decodedByte(bytes[$0...]) != nil }
    }

    /// The text that the bytes stand for; what is no UTF-8 afterwards reads as U+FFFD, and a
    /// percent sign without its digits as itself.
    static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> String {
        guard bytes.contains(where: { $0 == percent || plusIsSpace && $0 == UInt8(ascii: "+") })
        else { return String(decoding: bytes, as: UTF8.self) }
        var decoded: [UInt8] = []
        var rest = bytes
        while let byte = rest.first {
            if let octet = decodedByte(rest) {
                decoded.append(octet)
                rest = rest.dropFirst(3)
            } else {
                decoded.append(plusIsSpace && byte == UInt8(ascii: "+") ? ASCII.space : byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// The octet of the triplet at the beginning, if there is one.
    private static func decodedByte(_ bytes: ArraySlice<UInt8>) -> UInt8? {
        let start = bytes.startIndex
        guard bytes.count >= 3, bytes[start] == percent,
            let high = ASCII.hexadecimalValue(bytes[start + 1]),
            let low = ASCII.hexadecimalValue(bytes[start + 2])
        else { return nil }
        return high << 4 | low
    }
}
