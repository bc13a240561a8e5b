import Postgres

// What is done with keys without asking for one: by the commands, and by the service.
extension KeyStore {
    /// Makes a key; nil where its end has passed already. The secret is told here, and never again.
    package func create(
        _ key: NewAPIKey, by origin: Origin
    ) async throws(LedgerError) -> (key: APIKey, secret: KeySecret)? {
        let secret = KeySecret.random()
        do {
            return try await insert(key, secret, by: origin).map { ($0, secret) }
        } catch {
            throw error.ledgerError
        }
    }

    /// Ends a key; nil where there is none of this number. One that is revoked stays as it is.
    package func end(_ id: Int64, by origin: Origin) async throws(LedgerError) -> APIKey? {
        do {
            return try await revoke(id, by: origin)
        } catch {
            throw error.ledgerError
        }
    }

    /// Every key, the newest first.
    package func allKeys() async throws(LedgerError) -> [APIKey] {
        try await reportingReadErrors { () throws(PostgresError) in
            try await keys(below: nil, limit: .max)
        }
    }
}
