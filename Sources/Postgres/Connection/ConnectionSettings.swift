/// The limits of one connection.
package struct ConnectionSettings: Sendable {
    /// Name lookup, every address of every host, TLS and login together. A server that sleeps (as
    /// serverless ones do) wakes within a second; one that is silent for five is away.
    package var connectTimeout: Duration = .seconds(5)
    /// For an operation that names no deadline of its own, counted from the call, so that waiting
    /// for an earlier operation counts too. Nil waits for ever. No query of a service that answers
    /// within milliseconds is worth more.
    package var statementDeadline: Duration? = .seconds(10)
    /// How long past its deadline an operation waits for the server to confirm that it stopped. A
    /// connection that is silent for so long is closed.
    package var cancelGrace: Duration = .seconds(1)
    /// Whether statements that come again are prepared under names. Connections that may share a
    /// pooler's server connections share this too.
    package var names = NameTrust()
    /// What pg_stat_activity shows, unless the address says it.
    package var applicationName = "credits"

    package init() {}
}
