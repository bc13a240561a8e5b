import Ledger

/// A place in a user's ledger, in a form that invites nobody to compute with it. It knows which
/// user and which filters it is of: with others it would skip entries, and nobody would notice.
struct HistoryCursor: Hashable, Sendable {
    /// Thirty-two hexadecimal digits of which the first is at most 7: what Int64 can hold.
    static let pattern = "^t[0-7][0-9a-f]{31}$"

    /// The page has entries below this transaction id.
    let end: Int64
    private let fingerprint: UInt64

    init(end: Int64, of user: UserID, _ filter: HistoryFilter) {
        self.end = end
        fingerprint = Self.fingerprint(of: user, filter)
    }

    init?(reading text: String) {
        let digits = Substring(text.utf8.dropFirst())
        guard text.utf8.first == UInt8(ascii: "t"), digits.utf8.count == 32,
            digits.utf8.allSatisfy(Self.isDigit),
            let end = Int64(digits.prefix(16), radix: 16),
            let fingerprint = UInt64(digits.suffix(16), radix: 16)
        else { return nil }
        self.end = end
        self.fingerprint = fingerprint
    }

    func isOf(_ user: UserID, _ filter: HistoryFilter) -> Bool {
        fingerprint == Self.fingerprint(of: user, filter)
    }

    var text: String { "t" + Self.digits(UInt64(end)) + Self.digits(fingerprint) }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }

    private static func digits(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// FNV-1a: the same in every instance, and against mistakes, not against attacks: whoever makes
    /// a cursor up reads nothing with it that he could not read without.
    private static func fingerprint(of user: UserID, _ filter: HistoryFilter) -> UInt64 {
        let parts = ["\(user.rawValue)"] + HistoryQuery.items(of: filter).map { "\($0)=\($1)" }
        return parts.joined(separator: "&").utf8.reduce(0xCBF2_9CE4_8422_2325) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
    }
}

/// A history's filters as the query that asks for them, always spelt the same way.
enum HistoryQuery {
    static func items(of filter: HistoryFilter) -> [(name: String, value: String)] {
        filter.kinds.map(\.rawValue).sorted().map { ("kind", $0) }
            + [
                ("from", filter.from?.rfc3339), ("to", filter.to?.rfc3339),
                ("idempotency_key", filter.idempotencyKey?.rawValue),
            ].compactMap { name, value in value.map { (name, $0) } }
    }
}
