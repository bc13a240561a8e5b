/// A key as it is shown: all but the secret itself.
package struct APIKey: Hashable, Sendable {
    package let id: Int64
    package let name: String
    /// The secret's first characters.
    package let hint: String
    package let scopes: [Scope]
    package let createdAt: Timestamp
    package let createdBy: String?
    package let expiresAt: Timestamp?
    /// To the minute.
    package let lastUsedAt: Timestamp?
    package let revokedAt: Timestamp?
}

/// A key to be made.
package struct NewAPIKey: Hashable, Sendable {
    package static let nameLengths = 1...100

    package let name: String
    package let scopes: [Scope]
    package let expiresAt: Timestamp?

    /// nil for a name out of bounds or with a NUL, and for a key that may do nothing.
    package init?(name: String, scopes: Set<Scope>, expiresAt: Timestamp? = nil) {
        guard Self.nameLengths.contains(name.unicodeScalars.count), !name.utf8.contains(0),
            !scopes.isEmpty
        else { return nil }
        self.name = name
        self.scopes = Scope.allCases.filter(scopes.contains)
        self.expiresAt = expiresAt
    }
}

/// Who showed a key that is in force, and what he may do.
package struct KeyHolder: Hashable, Sendable {
    package let actor: ActorName
    package let scopes: Set<Scope>

    package init(actor: ActorName, scopes: Set<Scope>) {
        self.actor = actor
        self.scopes = scopes
    }
}

/// Who does something by an administrator's call, and in which request.
package struct Origin: Hashable, Sendable {
    package let actor: ActorName?
    package let requestID: String?

    package init(actor: ActorName?, requestID: String? = nil) {
        self.actor = actor
        self.requestID = requestID
    }
}

extension Origin {
    /// Somebody at the machine, who runs `credits`.
    package static let commandLine = Origin(actor: ActorName("command line"))
}

extension ActorName {
    /// The key of ADMIN_TOKEN.
    package static let administrator = ActorName("admin")

    static func key(_ id: Int64) -> ActorName { ActorName("key:\(id)") }
}
