package import Logging
package import Postgres

/// Proves that the ledger adds up, user by user, while everybody goes on writing.
///
/// Theory of operation: users are looked at in chunks, in the order of their ids; a chunk ends with
/// the user whose entries complete a number of entries, so that it costs about the same wherever it
/// is. Each chunk is one REPEATABLE READ, READ ONLY transaction: it takes no row locks, and sees
/// entries and balances of one moment. A chunk whose connection is lost is looked at again.
package struct LedgerVerifier: Sendable {
    package struct Settings: Sendable {
        /// Entries a chunk. Larger ones are faster, and hold a snapshot for longer.
        package var chunkSize = 500_000
        /// How long one chunk may take. A user's entries are never divided, so it may be long.
        package var chunkDeadline = Duration.seconds(3600)
        package var attempts = 5

        package init() {}
    }

    /// How far a verification has come.
    package struct Progress: Sendable {
        package fileprivate(set) var entries: Int64 = 0
        package fileprivate(set) var users: Int64 = 0
        /// As many entries as there are, or, on large tables, as PostgreSQL believes there are.
        package let expectedEntries: Int64
    }

    private let pool: ConnectionPool
    private let settings: Settings
    private let logger: Logger
    private let store: VerifyStore

    package init(pool: ConnectionPool, settings: Settings, logger: Logger) {
        self.pool = pool
        self.settings = settings
        self.logger = logger
        store = VerifyStore(deadline: settings.chunkDeadline)
    }

    /// Looks at every user, and returns how much that was.
    ///
    /// - Parameter report: called after each chunk, with what was found in it.
    package func run(
        report: (Progress, [Discrepancy]) -> Void
    ) async throws(LedgerError) -> Progress {
        var progress = Progress(expectedEntries: try await expectedEntries())
        var lastUser: Int64? = .min
        while let user = lastUser {
            let chunk = try await retrying { connection throws(PostgresError) in
                try await store.check(
                    usersAbove: user, entries: settings.chunkSize, on: connection)
            }
            progress.entries += chunk.entries
            progress.users += chunk.users
            lastUser = chunk.lastUser
            report(progress, chunk.discrepancies)
        }
        return progress
    }

    private func expectedEntries() async throws(LedgerError) -> Int64 {
        try await retrying { connection throws(PostgresError) in
            try await store.expectedEntries(on: connection)
        }
    }

    private func retrying<Value: Sendable>(
        _ body: @Sendable (Connection) async throws(PostgresError) -> Value
    ) async throws(LedgerError) -> Value {
        do {
            return try await Repeating(attempts: settings.attempts, logger: logger).run {
                () throws(PostgresError) in try await pool.use(body)
            }
        } catch {
            throw error.ledgerErrorOfRead
        }
    }
}
