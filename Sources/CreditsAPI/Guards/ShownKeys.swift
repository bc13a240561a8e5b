import HTTP
import Ledger

/// The keys that a request shows, as `Authorization: Bearer` (RFC 6750, 2.1), `X-API-Key` or
/// `X-Admin-Token`. Whatever field it comes in, a key is a key.
enum ShownKeys {
    /// What ADMIN_TOKEN may have at most.
    private static let longest = 512

    /// In no particular order; bytes, since every request asks this and needs no string.
    static func of(_ fields: Fields) -> [ArraySlice<UInt8>] {
        var keys: [ArraySlice<UInt8>] = []
        if let value = fields.value(of: .authorization), let key = bearerToken(value) {
            keys.append(key)
        }
        if let key = fields.value(of: .apiKey) { keys.append(key) }
        if let key = fields.value(of: .adminToken) { keys.append(key) }
        return keys
    }

    /// Whether it is worth looking at: what is longer than any key is none.
    static func isPlausible(_ key: ArraySlice<UInt8>) -> Bool { key.count <= longest }

    private static func bearerToken(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        let scheme = "bearer"
        let rest = value.dropFirst(scheme.utf8.count)
        guard value.prefix(scheme.utf8.count).isWord(scheme), rest.first == UInt8(ascii: " ")
        else { return nil }
        return rest.drop { $0 == UInt8(ascii: " ") }
    }
}
