import CPostgres

/// libpq's own view of connection parameters.
enum ConnectionKeywords {
    /// Reads a URL or keyword string as libpq does, and keeps what it says, in libpq's order.
    ///
    /// libpq's message is dropped on purpose: it repeats the text, and with it the password.
    static func parse(
        _ text: String
    ) throws(DatabaseAddressError) -> [(keyword: String, value: String)] {
        var message: UnsafeMutablePointer<CChar>?
        let options = PQconninfoParse(text, &message)
        defer {
            PQfreemem(message)
            PQconninfoFree(options)
        }
        guard let options else { throw .malformed }
        return collect(options)
    }

    /// The keywords that this libpq knows.
    static let known: Set<String> = {
        guard let options = PQconndefaults() else { return [] }
        defer { PQconninfoFree(options) }
        var keywords: Set<String> = []
        var option = options
        while let keyword = option.pointee.keyword {
            keywords.insert(String(cString: keyword))
            option += 1
        }
        return keywords
    }()

    private static func collect(
        _ options: UnsafeMutablePointer<PQconninfoOption>
    ) -> [(keyword: String, value: String)] {
        var found: [(keyword: String, value: String)] = []
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val {
                found.append((String(cString: keyword), String(cString: value)))
            }
            option += 1
        }
        return found
    }

    /// What libpq would notice only while connecting, or misunderstand.
    static func check(_ values: [String: String]) throws(DatabaseAddressError) {
        for (keyword, allowed) in allowedValues {
            guard let value = values[keyword], !value.isEmpty else { continue }
            guard allowed.contains(value) else { throw .badValue(key: keyword) }
        }
        if let host = values["host"], host.dropFirst().contains("@") { throw .strayAtSign }
        for port in values["port", default: ""].split(separator: ",") {
            guard let number = UInt16(port), number > 0 else { throw .badValue(key: "port") }
        }
        if values["sslrootcert"] == "system", PQlibVersion() < 160_000 {
            throw .needsNewerLibpq(
                key: "sslrootcert=system",
                advice: "write sslrootcert=/etc/ssl/certs/ca-certificates.crt")
        }
    }

    private static let allowedValues: [String: Set<String>] = [
        "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        "target_session_attrs": [
            "any", "read-write", "read-only", "primary", "standby", "prefer-standby",
        ],
        "channel_binding": ["disable", "prefer", "require"],
    ]
}
