package import Postgres

/// How long a test waits for what is not about time. A machine that runs other tests, and perhaps
/// other work, may be slow for minutes: what has not come by then does not come.
package let patience = Duration.seconds(300)

extension PoolSettings {
    /// A pool that no busy machine makes look exhausted, nor its database away.
    package static func patient(size: Int) -> PoolSettings {
        var settings = PoolSettings(size: size, waitLimit: patience)
        settings.connectTimeout = patience
        settings.statementDeadline = patience
        settings.cancelGrace = patience
        settings.idleCheckDeadline = patience
        return settings
    }
}

extension ConnectionSettings {
    /// The same for a connection alone.
    package static var patient: ConnectionSettings {
        var settings = ConnectionSettings()
        settings.connectTimeout = patience
        settings.statementDeadline = patience
        settings.cancelGrace = patience
        return settings
    }
}
