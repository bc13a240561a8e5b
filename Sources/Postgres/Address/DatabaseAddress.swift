/// Where the database is and how to log in, from a DATABASE_URL in any usual spelling.
///
/// Understood are libpq's URLs and keyword strings (libpq, "Connection Strings"), and URLs as other
/// programs write them: SQLAlchemy's drivers (`postgresql+psycopg://`), `jdbc:`, `ssl=true`, and
/// the query keys of other drivers, which are dropped with a warning. Printed, it shows no
/// password.
package struct DatabaseAddress: Sendable, Hashable {
    /// One place to try, in libpq's terms.
    struct Candidate: Sendable, Hashable {
        var host: String?
        var hostAddress: String?
        var port: String?
        /// Nil: what the address says of `target_session_attrs` holds.
        var sessionAttributes: String?
    }

    private struct Parameter: Sendable, Hashable {
        let keyword: String
        let value: String
    }

    /// What the address said that was not followed, in sentences for the log.
    package let warnings: [String]
    private let parameters: [Parameter]
    let candidates: [Candidate]

    /// - Throws: what is wrong, in words that are safe to print.
    package init(_ text: String) throws(DatabaseAddressError) {
        let text = text.trimmingWhitespace()
        guard !text.isEmpty else { throw .empty }
        let spelling = try DatabaseURL.libpqSpelling(of: text)
        let parsed = try ConnectionKeywords.parse(spelling.text)
        try self.init(parsed.map { Parameter(keyword: $0, value: $1) }, spelling.warnings)
    }

    private init(
        _ parameters: [Parameter], _ warnings: [String]
    ) throws(DatabaseAddressError) {
        let values = Dictionary(parameters.map { ($0.keyword, $0.value) }) { $1 }
        try ConnectionKeywords.check(values)
        var warnings = warnings
        if values["options"] != nil {
            warnings.append("options= is passed on; PgBouncer refuses it")
        }
        self.parameters = parameters
        self.warnings = warnings
        candidates = try Self.candidates(values)
    }

    /// The same server and login, another database.
    package func withDatabase(_ name: String) -> DatabaseAddress {
        DatabaseAddress(
            parameters: parameters.filter { $0.keyword != "dbname" }
                + [Parameter(keyword: "dbname", value: name)],
            warnings: warnings, candidates: candidates)
    }

    private init(parameters: [Parameter], warnings: [String], candidates: [Candidate]) {
        self.parameters = parameters
        self.warnings = warnings
        self.candidates = candidates
    }

    /// All of it, the password too, as libpq's keyword string. Not for printing.
    package var conninfo: String {
        parameters.map { "\($0.keyword)=\(Self.quoted($0.value))" }.joined(separator: " ")
    }

    /// What may be printed: where, which database, as whom.
    package var redacted: String {
        let shown = ["host", "hostaddr", "port", "dbname", "user", "sslmode"]
        let harmless = parameters.filter { shown.contains($0.keyword) }
        guard !harmless.isEmpty else { return "(the defaults of libpq)" }
        return harmless.map { "\($0.keyword)=\(Self.quoted($0.value))" }.joined(separator: " ")
    }

    /// The database's name, where the address says one.
    package var database: String? { value(of: "dbname") }

    /// Whom the address logs in as, where it says so.
    package var user: String? { value(of: "user") }

    private func value(of keyword: String) -> String? {
        parameters.first { $0.keyword == keyword }?.value
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy {
            $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\\") && $0 > 0x20
        }
        if isPlain, !value.isEmpty { return value }
        let escaped = value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
        return "'\(escaped)'"
    }
}

// MARK: - Places to try

extension DatabaseAddress {
    /// libpq's parameters for one try.
    ///
    /// An application's name, the encoding that Swift's strings need, and keep-alives that find a
    /// dead peer within a minute stand first: what the address says stands later, and wins.
    func parameters(
        for candidate: Candidate, hostAddress: String?, applicationName: String
    ) -> [(keyword: String, value: String)] {
        let replaced: Set = ["host", "hostaddr", "port", "client_encoding"]
        var chosen = [
            ("fallback_application_name", applicationName), ("keepalives_idle", "30"),
            ("keepalives_interval", "10"), ("keepalives_count", "3"),
        ]
        chosen += parameters.filter { !replaced.contains($0.keyword) }
            .map { ($0.keyword, $0.value) }
        chosen.append(("client_encoding", "UTF8"))
        let places = [
            ("host", candidate.host), ("hostaddr", hostAddress ?? candidate.hostAddress),
            ("port", candidate.port), ("target_session_attrs", candidate.sessionAttributes),
        ]
        chosen += places.compactMap { keyword, value in value.map { (keyword, $0) } }
        return chosen.map { (keyword: $0.0, value: $0.1) }
    }

    private static func candidates(
        _ values: [String: String]
    ) throws(DatabaseAddressError) -> [Candidate] {
        let places = try places(values)
        guard values["target_session_attrs"] == "prefer-standby", places.count > 1 else {
            return places
        }
        return ["standby", "any"].flatMap { attributes in
            places.map { place in
                var candidate = place
                candidate.sessionAttributes = attributes
                return candidate
            }
        }
    }

    /// The comma lists of host, hostaddr and port, side by side; one port may serve all hosts.
    private static func places(
        _ values: [String: String]
    ) throws(DatabaseAddressError) -> [Candidate] {
        let hosts = list(values["host"])
        let addresses = list(values["hostaddr"])
        let ports = list(values["port"])
        let count = max(hosts.count, addresses.count, 1)
        guard hosts.isEmpty || hosts.count == count, addresses.isEmpty || addresses.count == count,
            ports.count <= 1 || ports.count == count
        else { throw .hostAndPortCountsDiffer }
        return (0..<count).map { index in
            Candidate(
                host: hosts.isEmpty ? nil : hosts[index],
                hostAddress: addresses.isEmpty ? nil : addresses[index],
                port: ports.isEmpty ? nil : ports[ports.count == 1 ? 0 : index])
        }
    }

    private static func list(_ value: String?) -> [String] {
        guard let value, !value.isEmpty else { return [] }
        return value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}

extension DatabaseAddress.Candidate: CustomStringConvertible {
    /// A host that is neither a socket's folder nor given as an address.
    var nameToLookUp: String? {
        guard let host, !host.isEmpty, hostAddress?.isEmpty ?? true else { return nil }
        return host.hasPrefix("/") || host.hasPrefix("@") ? nil : host
    }

    var description: String {
        let name = host ?? hostAddress ?? "the local socket"
        return port.map { "\(name), port \($0)," } ?? name
    }
}

extension DatabaseAddress: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package var description: String { redacted }
    package var debugDescription: String { redacted }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

extension String {
    func trimmingWhitespace() -> String {
        let start = drop(while: \.isWhitespace)
        let length = start.reversed().drop(while: \.isWhitespace).count
        return String(start.prefix(length))
    }
}
