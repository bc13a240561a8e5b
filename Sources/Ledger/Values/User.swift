/// Somebody who may hold credits.
package struct User: Hashable, Sendable {
    package let id: UserID
    package let email: String
    package let name: String
    package let createdAt: Timestamp
}

/// A user to be made. The bounds are those of the table's columns, in characters (code points).
package struct NewUser: Hashable, Sendable {
    package static let emailLengths = 3...255
    package static let nameLengths = 1...100

    package let email: String
    package let name: String

    /// nil for a length out of bounds or a NUL, and for an e-mail that is not `local@domain`
    /// without white space; whether mail arrives there is not for us to say.
    package init?(email: String, name: String) {
        guard Self.emailLengths.contains(email.unicodeScalars.count),
            Self.nameLengths.contains(name.unicodeScalars.count),
            !name.utf8.contains(0), Self.isAddress(email)
        else { return nil }
        self.email = email
        self.name = name
    }

    package static func isAddress(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            && text.unicodeScalars.allSatisfy {
                $0.value > 0x20 && $0.value != 0x7F && !$0.properties.isWhitespace
            }
    }
}
