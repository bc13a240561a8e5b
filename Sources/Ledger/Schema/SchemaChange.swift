/// SQL that somebody wants run on the database's schema.
package struct SchemaChangeRequest: Hashable, Sendable {
    package let sql: String
    /// Kept with the record, so that it can be found from the log and the log from it.
    package let requestID: String
    package var actor: ActorName?
    /// Whether it is only asked what the SQL would do.
    package var isDryRun = false
    /// The hash of the plan that was looked at; any other plan is refused.
    package var expectedPlan: String?
    /// Further tries where a lock was not to be had in time.
    package var retries = 0

    package init(sql: String, requestID: String) {
        self.sql = sql
        self.requestID = requestID
    }
}

/// A change of the schema that was applied and recorded in `schema_changes`.
package struct SchemaChange: Hashable, Sendable {
    package let id: Int64
    package let appliedAt: Timestamp
    package let durationMilliseconds: Double
    package var plan: SchemaPlan
}

/// What SQL did to the database until it was committed or taken back.
package struct SchemaPlan: Hashable, Sendable {
    /// 64 hexadecimal digits over the SQL, the schema before it and the differences that it makes.
    package let hash: String
    package let statements: [RanStatement]
    package let differences: [SchemaDifference]
    package let rowsChanged: [RowsChanged]
    package let locks: [HeldLock]
    /// From the start of the SQL to the last guard: the locks are held for this long at least.
    package let heldMilliseconds: Double
    package let guards: [GuardVerdict]

    /// The first guard that the SQL does not pass.
    package var breach: GuardVerdict? { guards.first { !$0.isPassed } }
}

/// One statement of the SQL, and what PostgreSQL said of it.
package struct RanStatement: Hashable, Sendable {
    /// With the comments around it.
    package let sql: String
    /// As PostgreSQL's command tag has it, such as ALTER TABLE; nil where several statements were
    /// run as one.
    package let command: String?
    /// How many rows it gave or changed; 0 for commands that do neither.
    package let rows: Int64
}

/// Rows of one table that the SQL changed, and its triggers with it.
package struct RowsChanged: Hashable, Sendable {
    package let table: String
    package let inserted: Int64
    package let updated: Int64
    package let deleted: Int64
}

/// A lock on what was there before the SQL; what it made itself nobody else waits for.
package struct HeldLock: Hashable, Sendable {
    package let table: String
    /// As PostgreSQL's `pg_locks` has it.
    package let mode: String
}

package enum SchemaChangeOutcome: Hashable, Sendable {
    case applied(SchemaChange)
    /// Nothing was changed, since it was only asked.
    case planned(SchemaPlan)
    /// PostgreSQL refused the SQL; nothing was changed.
    case rejected(SchemaRejection)
    /// The service could not go on, or keep its promises, after this change; nothing was changed.
    case breached(SchemaPlan, GuardVerdict)
    /// The plan is not the one that was looked at; nothing was changed.
    case planDiffers(SchemaPlan)
    /// A table stayed locked by others for longer than the lock time-out; nothing was changed.
    case lockNotAvailable(SchemaRejection)
    /// Another schema change is under way, here or in another instance; nothing was changed.
    case busy
    /// The SQL has more bytes than this; it was not run.
    case tooLarge(limit: Int)
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
    /// SQL of more bytes is refused: it is kept with the record, and a megabyte of DDL is a dump.
    package var sqlBytes = 1 << 20
    /// The pause before the first retry; it doubles with each further one, up to 16 times.
    package var retryPause = Duration.milliseconds(250)

    package init() {}
}
