import CreditsAPI
import Ledger
import Postgres

/// What each layer below is told of the settings.
extension Settings {
    var api: APISettings {
        APISettings(
            version: ProductVersion.text, isLoopbackOnly: Exposure(host: host) == .loopback,
            adminToken: adminToken, allowedHosts: allowedHosts, docsDirectory: swaggerUIDirectory)
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
