// Theory of operation
//
// libpq reads `postgres://` and `postgresql://` URLs, refuses a query key that it does not know,
// and takes anything else with a scheme for a database's *name*. People write the URLs of
// SQLAlchemy, Prisma, JDBC and Node. So a URL is taken apart only as far as needed: the scheme is
// replaced, authority and path are left as they stand, and of the query each item is kept,
// translated, dropped with a warning, or refused. A key that nobody knows is refused: a misspelled
// `sslmode` that is dropped would be an unencrypted connection. Keyword strings go to libpq as they
// are.

/// Turns other programs' URLs into libpq's.
enum DatabaseURL {
    /// The text as libpq reads it, and what was left out of it.
    static func libpqSpelling(
        of text: String
    ) throws(DatabaseAddressError) -> (text: String, warnings: [String]) {
        let url = text.lowercased().hasPrefix("jdbc:") ? String(text.dropFirst(5)) : text
        guard let scheme = scheme(of: url) else {
            guard url.contains("=") else { throw .unrecognized }
            return (url, [])
        }
        let family = scheme.prefix { $0 != "+" }.lowercased()
        guard family == "postgresql" || family == "postgres" else {
            throw .foreignScheme(family)
        }
        let rest = String(url.dropFirst(scheme.count + 3))
        guard hasSoundPercentEncoding(rest) else { throw .badPercentEncoding }
        return try translate(rest)
    }

    /// What stands before "://", or before ":" where a SQLite URL has no host.
    private static func scheme(of text: String) -> String? {
        let name = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "+.-_".contains($0)) }
        guard !name.isEmpty, text.dropFirst(name.count).hasPrefix("://") else { return nil }
        return String(name)
    }

    private static func hasSoundPercentEncoding(_ text: String) -> Bool {
        text.split(separator: "%", omittingEmptySubsequences: false).dropFirst().allSatisfy {
            let digits = $0.prefix(2)
            return digits.count == 2 && digits.allSatisfy(\.isHexDigit) && digits != "00"
        }
    }

    private static func translate(
        _ rest: String
    ) throws(DatabaseAddressError) -> (text: String, warnings: [String]) {
        let (place, query) = split(rest)
        // The password's own "/" ended the host, and the rest of it would be shown as the database.
        guard !place.drop(while: { $0 != "/" }).contains("@") else { throw .malformed }
        var translation = QueryTranslation()
        for item in query.split(separator: "&") {
            let parts = item.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw .malformed }
            try translation.add(key: String(parts[0]), value: String(parts[1]))
        }
        let items = translation.items
        let url = "postgresql://" + place + (items.isEmpty ? "" : "?" + items)
        return (url, translation.warnings)
    }

    /// A "?" before the "@" belongs to the password, as libpq sees it.
    private static func split(_ rest: String) -> (place: String, query: String) {
        let userEnd = rest.firstIndex { $0 == "@" || $0 == "/" }
        let start = userEnd.flatMap { rest[$0] == "@" ? $0 : nil } ?? rest.startIndex
        guard let mark = rest[start...].firstIndex(of: "?") else { return (rest, "") }
        return (String(rest[..<mark]), String(rest[rest.index(after: mark)...]))
    }
}

/// A URL's query, item by item, as libpq will see it.
private struct QueryTranslation {
    private(set) var warnings: [String] = []
    private var kept: [(key: String, value: String)] = []
    private var hosts: [String] = []

    var items: String {
        (kept + hostItems).map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }

    mutating func add(key: String, value: String) throws(DatabaseAddressError) {
        switch key {
        case "host": hosts.append(value)
        case "ssl": try addSSL(value.lowercased())
        case "sslmode" where value == "no-verify":
            // Node's word for encrypted but unchecked, which is what libpq's "require" is.
            kept.append((key, "require"))
        case _ where ConnectionKeywords.known.contains(key): kept.append((key, value))
        case _ where Self.foreign.contains(key):
            warnings.append("\(key)= is another driver's key and has no effect here")
        case _ where Self.harmlessLater.contains(key):
            warnings.append("\(key)= needs a newer libpq and has no effect here")
        case _ where Self.strictLater.contains(key):
            throw .needsNewerLibpq(key: key, advice: "leave it out, or update libpq")
        default: throw .unknownKey(key)
        }
    }

    /// asyncpg and JDBC say `ssl`; `sslmode` beside it says it more exactly, whatever the order.
    private mutating func addSSL(_ value: String) throws(DatabaseAddressError) {
        let mode: String? =
            switch value {
            case "true", "require", "required", "1", "on", "yes": "require"
            case "false", "0", "off", "no", "disable": "disable"
            case "allow", "prefer", "verify-ca", "verify-full": value
            default: nil
            }
        guard let mode else { throw .badValue(key: "ssl") }
        // libpq lets the last of equal keys win.
        kept.insert(("sslmode", mode), at: 0)
    }

    /// SQLAlchemy names several hosts by repeating `host=name:port`.
    private var hostItems: [(key: String, value: String)] {
        guard hosts.count > 1 else { return hosts.map { ("host", $0) } }
        let places = hosts.map { host -> (name: Substring, port: Substring) in
            guard !host.hasPrefix("/"), !host.hasPrefix("%2F"), let colon = host.lastIndex(of: ":")
            else { return (host[...], "5432") }
            return (host[..<colon], host[host.index(after: colon)...])
        }
        return [
            ("host", places.map(\.name).joined(separator: ",")),
            ("port", places.map(\.port).joined(separator: ",")),
        ]
    }

    /// Keys of SQLAlchemy, asyncpg, psycopg, Prisma, JDBC, Node and hosting companies' consoles.
    private static let foreign: Set<String> = [
        "pgbouncer", "prepare_threshold", "prepareThreshold", "statement_cache_size",
        "prepared_statement_cache_size", "prepared_statement_name_func", "connection_limit",
        "pool_timeout", "pool_size", "pool_mode", "pool_pre_ping", "max_overflow", "schema",
        "currentSchema", "sslaccept", "sslidentity", "socket_timeout", "socketTimeout",
        "command_timeout", "timeout", "connectTimeout", "loginTimeout", "async_fallback",
        "charset", "encoding", "server_settings", "reWriteBatchedInserts", "uselibpqcompat",
        "tcpKeepAlive", "ApplicationName", "workaround", "max_idle_connection_lifetime",
        "max_cached_statement_lifetime", "max_cacheable_statement_size", "binary_parameters",
    ]

    /// Of later versions of libpq: without them the connection is as good and as safe.
    private static let harmlessLater: Set<String> = [
        "load_balance_hosts", "gssdelegation", "sslnegotiation", "min_protocol_version",
        "max_protocol_version", "servicefile",
    ]

    /// Of later versions of libpq: without them the connection is less safe than was asked for.
    private static let strictLater: Set<String> = [
        "require_auth", "sslcertmode", "scram_client_key", "scram_server_key", "oauth_issuer",
        "oauth_client_id", "oauth_client_secret", "oauth_scope", "sslkeylogfile",
    ]
}
