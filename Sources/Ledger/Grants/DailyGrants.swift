package import Logging
package import Postgres

/// The daily grant: every user who existed at a day's midnight, once.
///
/// Theory of operation: a day is a row in `daily_grants`. Users are granted in chunks in the order
/// of their ids; a chunk is one short transaction that holds the day's row (so instances take
/// turns), locks the balances, writes them and their entries, and moves the row's `last_user_id`.
/// Whoever dies between two chunks leaves the row for the next to go on with. That a user is
/// granted once is in the data itself: `credit_transactions` is unique by user and day. A chunk
/// whose commit was never answered is therefore simply run again. The database's clock decides the
/// day.
///
/// A user whose INSERT began before a midnight and is committed only after that day was done is not
/// reached by it.
package struct DailyGrants: Sendable {
    package struct Settings: Sendable {
        /// Credits for each user and day.
        package var amount: CreditAmount
        /// Users a transaction: how long a write may have to wait for the grant.
        package var chunkSize = 2_000

        package init(amount: CreditAmount) {
            self.amount = amount
        }
    }

    private let pool: ConnectionPool
    private let settings: Settings
    private let logger: Logger
    private let store = GrantStore()

    package init(pool: ConnectionPool, settings: Settings, logger: Logger) {
        self.pool = pool
        self.settings = settings
        self.logger = logger
    }

    /// The days that are due and not done, oldest first: from the first midnight after the ledger
    /// was installed to today's, and any day that somebody began.
    package func pendingDays() async throws(LedgerError) -> [CalendarDay] {
        try await reportingReadErrors { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await store.pendingDays(on: connection)
            }
        }
    }

    /// Today by the database's clock, in UTC.
    package func today() async throws(LedgerError) -> CalendarDay {
        try await reportingReadErrors { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await store.today(on: connection)
            }
        }
    }

    /// Grants a day, or what is left of it; a day that is done stays as it is.
    ///
    /// - Parameter progress: called after each chunk.
    package func run(
        _ day: CalendarDay, progress: @Sendable (DailyGrant) -> Void = { _ in }
    ) async throws(LedgerError) -> GrantOutcome {
        let today = try await today()
        guard day <= today else { return .notYet(today: today) }
        while true {
            let grant = try await runChunk(of: day)
            if grant.isDone {
                logger.notice("daily grant done", metadata: grant.metadata)
                return .done(grant)
            }
            progress(grant)
            logger.debug("daily grant goes on", metadata: grant.metadata)
        }
    }

    /// Deadlocks and lost connections start the chunk again.
    private func runChunk(of day: CalendarDay) async throws(LedgerError) -> DailyGrant {
        var attempt = 1
        while true {
            do {
                try await pool.use { connection throws(PostgresError) in
                    try await store.storeMissingBalances(
                        of: day, size: settings.chunkSize, on: connection)
                }
                return try await pool.useInTransaction { connection throws(PostgresError) in
                    try await store.runChunk(
                        of: day, amount: settings.amount, size: settings.chunkSize,
                        on: connection)
                }
            } catch {
                guard error.disposition == .transient, attempt < 8, !Task.isCancelled else {
                    throw error.ledgerErrorOfRead
                }
                logger.debug("grant chunk tried again", metadata: ["error": "\(error)"])
                // A sleep that cancellation ends early is followed by the look above.
                try? await Task.sleep(for: .milliseconds(10 << attempt))
                attempt += 1
            }
        }
    }
}

extension DailyGrant {
    fileprivate var metadata: Logger.Metadata {
        [
            "day": "\(day)", "amount": "\(amount)", "eligible": "\(eligible)",
            "granted": "\(granted)", "capped": "\(capped)",
        ]
    }
}
