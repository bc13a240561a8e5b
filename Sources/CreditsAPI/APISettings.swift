package import Ledger

/// What the API wants to know of its surroundings.
package struct APISettings: Sendable {
    /// The version of the service, as its documents say it.
    package var version: String
    /// Whether the server can be reached from this machine only.
    package var isLoopbackOnly: Bool
    /// The first key, which has every scope; nil where there is none.
    var administratorToken: KeyHash?
    /// Whether the database had keys at the start.
    package var hasStoredKeys: Bool
    /// What a request without a key may do, once there are keys.
    package var anonymousScopes: Set<Scope> = []
    /// How often an address may call the API; nil for as often as it likes.
    package var addressRate: Rate?
    /// The same for a key.
    package var keyRate: Rate?
    /// Keys that are not in force, of one address; nil for without end.
    package var badKeyRate: Rate? = .ofBadKeys
    /// Names besides the loopback ones under which a server bound to loopback answers.
    package var allowedHosts: [String]
    /// The origins of other sites whose pages may call the API.
    package var allowedOrigins: [String] = []
    /// Where the files of Swagger UI are; nil for the docs page of our own.
    package var docsDirectory: String?
    /// The clock of the limits.
    package var now: @Sendable () -> ContinuousClock.Instant = { .now }

    /// - Parameter adminToken: An empty one would guard nothing, and counts as none.
    package init(
        version: String, isLoopbackOnly: Bool, adminToken: String? = nil,
        hasStoredKeys: Bool = false, allowedHosts: [String] = [], docsDirectory: String? = nil
    ) {
        self.version = version
        self.isLoopbackOnly = isLoopbackOnly
        administratorToken = adminToken.flatMap {
            $0.isEmpty ? nil : KeyHash(of: Array($0.utf8)[...])
        }
        self.hasStoredKeys = hasStoredKeys
        self.allowedHosts = allowedHosts
        self.docsDirectory = docsDirectory
    }

    var hasKeys: Bool { administratorToken != nil || hasStoredKeys }
}
