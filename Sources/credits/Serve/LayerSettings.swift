import CreditsAPI
import Ledger
import Postgres

/// What each layer below is told of the settings.
extension Settings {
    /// - Parameter hasStoredKeys: Whether the database has keys.
    func api(hasStoredKeys: Bool) -> APISettings {
        let exposure = Exposure(host: host)
        var api = APISettings(
            version: ProductVersion.text, isLoopbackOnly: exposure == .loopback,
            adminToken: adminToken, hasStoredKeys: hasStoredKeys, allowedHosts: allowedHosts,
            docsDirectory: swaggerUIDirectory)
        api.anonymousScopes = anonymousScopes
        api.allowedOrigins = allowedOrigins
        api.addressRate = addressRate.rate(exposure)
        api.keyRate = keyRate.rate(exposure)
        api.badKeyRate = badKeyRate == .usual ? .ofBadKeys : badKeyRate.rate(exposure)
        return api
    }

    /// For raw SQL, whose own time-outs come first: PostgreSQL then says which of them it was.
    var schemaPool: PoolSettings {
        var pool = pool
        pool.size = 1
        pool.statementDeadline =
            schemaChanges.statementTimeout + schemaChanges.lockTimeout + .seconds(5)
        return pool
    }

    /// For schema.sql, which takes as long as the upgrade of a large table takes.
    var migrationPool: PoolSettings {
        var pool = pool
        pool.size = 1
        pool.statementDeadline = nil
        return pool
    }
}
