/// What may stand between the brackets of a host (RFC 3986 3.2.2): an IPv6 address, or one of a
/// version to come.
enum AddressLiteral {
    private static let colon = UInt8(ascii: ":")
    private static let dot = UInt8(ascii: ".")

    static func isValid(_ bytes: ArraySlice<UInt8>) -> Bool {
        isVersion6(bytes) || isVersionToCome(bytes)
    }

    /// Eight groups of up to four hexadecimal digits; `::`, once, stands for one group or more that
    /// are zero, and an IPv4 address at the end for the last two.
    private static func isVersion6(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let gap = startOfGap(bytes) else { return groupCount(bytes) == 8 }
        let (before, after) = (bytes[..<gap], bytes[gap...].dropFirst(2))
        guard let left = before.isEmpty ? 0 : groupCount(before, mayEndInVersion4: false),
            let right = after.isEmpty ? 0 : groupCount(after)
        else { return false }
        return left + right <= 7
    }

    private static func startOfGap(_ bytes: ArraySlice<UInt8>) -> Int? {
        zip(bytes.indices, zip(bytes, bytes.dropFirst()))
            .first { $0.1.0 == colon && $0.1.1 == colon }?.0
    }

    /// How many groups there are between single colons; nil where one of them is none.
    private static func groupCount(
        _ bytes: ArraySlice<UInt8>, mayEndInVersion4: Bool = true
    ) -> Int? {
        var groups = bytes.split(separator: colon, omittingEmptySubsequences: false)
        var count = 0
        if mayEndInVersion4, let last = groups.last, isVersion4(last) {
            groups.removeLast()
            count = 2
        }
        guard groups.allSatisfy(isGroup) else { return nil }
        return count + groups.count
    }

    private static func isGroup(_ bytes: ArraySlice<UInt8>) -> Bool {
        1...4 ~= bytes.count && bytes.allSatisfy { ASCII.hexadecimalValue($0) != nil }
    }

    /// Four numbers up to 255 without leading zeros.
    private static func isVersion4(_ bytes: ArraySlice<UInt8>) -> Bool {
        let octets = bytes.split(separator: dot, omittingEmptySubsequences: false)
        return octets.count == 4
            && octets.allSatisfy { octet in
                1...3 ~= octet.count && octet.allSatisfy(ASCII.isDigit)
                    && (octet.count == 1 || octet.first != UInt8(ascii: "0"))
                    && octet.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= 255
            }
    }

    /// `v`, the version in hexadecimal, a dot, and what it takes.
    private static func isVersionToCome(_ bytes: ArraySlice<UInt8>) -> Bool {
        guard let first = bytes.first, ASCII.lowercased(first) == UInt8(ascii: "v") else {
            return false
        }
        let parts = bytes.dropFirst().split(
            separator: dot, maxSplits: 1, omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && parts[0].allSatisfy { ASCII.hexadecimalValue($0) != nil }
            && parts[1].allSatisfy(ByteSet.addressLiteral.contains)
    }
}
