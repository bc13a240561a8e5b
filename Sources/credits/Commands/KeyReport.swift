import FoundationEssentials
import Ledger

/// What `credits keys` says.
struct KeyReport {
    let keys: [APIKey]
    /// Of the one that was made.
    var secret: KeySecret?

    var text: String {
        guard !keys.isEmpty else { return "There is no key.\n" }
        let lines = keys.map { key in
            let scopes = key.scopes.map(\.rawValue).joined(separator: ",")
            // Whoever may make keys chose the name.
            let name = LogText.printable(key.name)
            return "\(key.id)  \(key.hint)  \(state(of: key))  \(scopes)  \(name)\n"
        }
        guard let secret else { return lines.joined() }
        return lines.joined() + "\n\(secret.exposed)\n\nKeep it: it is not shown again.\n"
    }

    private func state(of key: APIKey) -> String {
        if let revokedAt = key.revokedAt { return "revoked \(revokedAt.rfc3339)" }
        if let expiresAt = key.expiresAt { return "until \(expiresAt.rfc3339)" }
        return "in force"
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let rows = keys.map { Row($0, secret) }
        let data =
            if let secret { try encoder.encode(Row(keys[0], secret)) } else {
                try encoder.encode(rows)
            }
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    private struct Row: Encodable {
        let keyID: Int64
        let name: String
        let hint: String
        let key: String?
        let scopes: [String]
        let createdAt: String
        let createdBy: String?
        let expiresAt: String?
        let lastUsedAt: String?
        let revokedAt: String?

        enum CodingKeys: String, CodingKey {
            case name, hint, key, scopes
            case keyID = "key_id"
            case createdAt = "created_at"
            case createdBy = "created_by"
            case expiresAt = "expires_at"
            case lastUsedAt = "last_used_at"
            case revokedAt = "revoked_at"
        }

        init(_ key: APIKey, _ secret: KeySecret?) {
            (keyID, name, hint) = (key.id, key.name, key.hint)
            self.key = secret?.exposed
            scopes = key.scopes.map(\.rawValue)
            (createdAt, createdBy) = (key.createdAt.rfc3339, key.createdBy)
            expiresAt = key.expiresAt?.rfc3339
            lastUsedAt = key.lastUsedAt?.rfc3339
            revokedAt = key.revokedAt?.rfc3339
        }
    }
}
