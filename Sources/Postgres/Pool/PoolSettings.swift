/// The limits of a pool and of its connections.
package struct PoolSettings: Sendable {
    /// Connections at most. PostgreSQL pays for each with a process; a few keep it busy.
    package var size = 8
    /// How long a caller waits for a connection to come free. A service whose callers wait longer
    /// is overloaded, and says so better early.
    package var waitLimit: Duration = .seconds(2)
    /// See `ConnectionSettings`.
    package var connectTimeout: Duration = .seconds(5)
    /// See `ConnectionSettings`.
    package var statementDeadline: Duration? = .seconds(10)
    /// See `ConnectionSettings`.
    package var cancelGrace: Duration = .seconds(1)
    /// A connection that was unused for so long is asked whether it still lives before it is lent:
    /// routers forget silent connections. Asking on a timer instead would keep a database awake
    /// that sleeps when nobody needs it.
    package var idleCheckAfter: Duration = .seconds(30)
    /// How long that question may take.
    package var idleCheckDeadline: Duration = .seconds(1)
    /// A connection that was unused for so long is closed.
    package var idleLifetime: Duration = .seconds(600)
    package var backoff = Backoff()
    /// Prepare statements under names, as long as nothing speaks against it. See `StatementNames`.
    package var preparesStatements = true
    package var applicationName = "credits"

    package init() {}

    package init(size: Int, waitLimit: Duration = .seconds(2)) {
        precondition(size > 0, "a pool has at least one connection")
        self.size = size
        self.waitLimit = waitLimit
    }

    /// For all connections of one pool.
    func makeConnectionSettings() -> ConnectionSettings {
        var settings = ConnectionSettings()
        settings.connectTimeout = connectTimeout
        settings.statementDeadline = statementDeadline
        settings.cancelGrace = cancelGrace
        settings.names = NameTrust(isGiven: preparesStatements)
        settings.applicationName = applicationName
        return settings
    }
}

/// What a pool has, at one moment.
package struct PoolCounts: Sendable, Hashable {
    package var idle: Int
    package var borrowed: Int
    package var opening: Int
    package var waiting: Int
}
