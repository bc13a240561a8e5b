/// A set of ASCII characters, as two words of bits: a test is a shift, not a table in memory.
struct ByteSet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ characters: String) {
        for byte in characters.utf8 {
            precondition(byte < 128)
            if byte < 64 { low |= 1 &<< byte } else { high |= 1 &<< (byte - 64) }
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word = byte < 64 ? low : high
        return byte < 128 && (word &>> UInt64(byte & 63)) & 1 == 1
    }

    /// Whether the text is one or more characters of the set, and nothing else.
    func spells(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy(contains)
    }
}

extension ByteSet {
    private static let alphanumeric =
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

    /// tchar (RFC 9110 5.6.2).
    static let token = ByteSet("!#$%&'*+-.^_`|~" + alphanumeric)
    /// Every character of a URI but `#` (RFC 3986 2): a fragment is never sent.
    static let target = ByteSet("-._~" + ":/?[]@" + "!$&'()*+,;=" + "%" + alphanumeric)
    /// pchar, `/` and `?` (RFC 3986 3.3 and 3.4): brackets are for addresses alone.
    static let pathAndQuery = ByteSet("-._~" + ":/?@" + "!$&'()*+,;=" + "%" + alphanumeric)
    /// unreserved, sub-delims and the percent sign of a reg-name (RFC 3986 3.2.2), but for the
    /// comma: no name of a host has one, and what one server takes for a name with a comma is two
    /// hosts for another.
    static let registeredName = ByteSet("-._~" + "!$&'()*+;=" + "%" + alphanumeric)
    /// What stands between the brackets of an address of a version to come (RFC 3986 3.2.2).
    static let addressLiteral = ByteSet("-._~" + "!$&'()*+,;=" + ":" + alphanumeric)
}
