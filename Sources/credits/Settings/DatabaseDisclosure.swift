import Postgres

/// What of a DATABASE_URL may be shown.
enum DatabaseDisclosure {
    @Sendable static func redacted(_ url: String) -> String {
        do {
            return try DatabaseAddress(url).redacted
        } catch {
            return "(set, and not a PostgreSQL address)"
        }
    }
}
