/// Why a DATABASE_URL names no PostgreSQL database. Printed, it says what to write instead, and
/// never repeats a part of the text that may be a password.
package enum DatabaseAddressError: Error, Sendable, Hashable {
    case empty
    /// Neither a URL nor a keyword string.
    case unrecognized
    /// A URL of another database, by its scheme.
    case foreignScheme(String)
    case unknownKey(String)
    /// A key, or a key's value, that this libpq is too old for, and what to write instead.
    case needsNewerLibpq(key: String, advice: String)
    case badValue(key: String)
    case badPercentEncoding
    /// The host holds an "@": most likely one of the password's that was not percent-encoded.
    case strayAtSign
    case hostAndPortCountsDiffer
    case malformed
}

extension DatabaseAddressError: CustomStringConvertible {
    package var description: String {
        let form = "postgresql://user:password@host:5432/database"
        return switch self {
        case .empty: "it is empty; expected \(form)"
        case .unrecognized:
            "it is neither a URL such as \(form) nor keywords such as host=... dbname=..."
        case .foreignScheme(let scheme):
            "\"\(scheme)://\" is another database; only PostgreSQL can be used: \(form)"
        case .unknownKey(let key): "\"\(key)\" is no key that libpq knows"
        case .needsNewerLibpq(let key, let advice):
            "\"\(key)\" needs a newer libpq than this one; \(advice)"
        case .badValue(let key): "the value of \"\(key)\" is none that libpq knows"
        case .badPercentEncoding:
            "a \"%\" in a URL is followed by two hexadecimal digits; \"%\" itself is written %25"
        case .strayAtSign:
            "its host holds an \"@\"; an \"@\" in a user's name or password is written %40"
        case .hostAndPortCountsDiffer:
            "it names several hosts and another number of ports or addresses"
        case .malformed:
            "libpq cannot read it; a value with spaces in it wants quotes, and in a URL "
                + "\":\", \"/\", \"?\", \"#\" and \"@\" in a name or password are percent-encoded"
        }
    }
}
