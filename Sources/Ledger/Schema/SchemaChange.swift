/// A change of the schema that was applied and recorded in `schema_changes`.
package struct SchemaChange: Hashable, Sendable {
    package let id: Int64
    package let appliedAt: Timestamp
    package let durationMilliseconds: Double
}

package enum SchemaChangeOutcome: Hashable, Sendable {
    case applied(SchemaChange)
    /// PostgreSQL refused the SQL; nothing was changed.
    case rejected(SchemaRejection)
    /// A table stayed locked by others for longer than the lock time-out; nothing was changed.
    case lockNotAvailable(SchemaRejection)
}

/// PostgreSQL's own words on the client's own SQL.
package struct SchemaRejection: Hashable, Sendable {
    package let message: String
    /// Five characters (PostgreSQL, Appendix A).
    package let sqlState: String
    /// Where in the SQL, in characters from 1.
    package let position: Int?
    package let detail: String?
    package let hint: String?
}

package struct SchemaChangeSettings: Sendable {
    /// How long a change may wait for locks: the traffic of a table queues behind a waiting ALTER.
    package var lockTimeout = Duration.seconds(2)
    /// How long a change may run.
    package var statementTimeout = Duration.seconds(30)

    package init() {}
}
