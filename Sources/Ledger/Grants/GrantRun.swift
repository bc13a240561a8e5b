import Logging
import Postgres

// One day, from its first chunk to its last look.

extension DailyGrants {
    /// nil where the day was never begun and there is no amount to begin it with.
    func run(
        _ occurrence: GrantOccurrence, amount: CreditAmount?, by origin: Origin,
        isByHand: Bool = false, _ progress: @Sendable (DailyGrant) -> Void
    ) async throws(LedgerError) -> DailyGrant? {
        let begun = try await transaction { connection throws(PostgresError) in
            try await runs.begin(
                occurrence, amount: amount, by: origin, isByHand: isByHand, on: connection)
        }
        guard let begun else { return nil }
        guard !begun.isDone else {
            try await grantLeftOut(of: begun)
            return try await current(occurrence)
        }
        try await grantChunks(of: begun, occurrence, progress)
        try await grantLeftOut(of: begun)
        try await transaction { connection throws(PostgresError) in
            try await runs.finish(occurrence, on: connection)
        }
        let done = try await current(occurrence)
        if let done { logger.notice("grant done", metadata: done.metadata) }
        return done
    }

    func current(
        _ occurrence: GrantOccurrence
    ) async throws(LedgerError) -> DailyGrant? {
        try await retrying { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await runs.grant(occurrence, on: connection)
            }
        }
    }

    // MARK: Trying again

    func transaction<Value: Sendable>(
        _ body: @Sendable (Connection) async throws(PostgresError) -> Value
    ) async throws(LedgerError) -> Value {
        try await retrying { () throws(PostgresError) in try await pool.useInTransaction(body) }
    }

    /// Deadlocks and lost connections start the step again: each may be run any number of times.
    func retrying<Value: Sendable>(
        _ body: () async throws(PostgresError) -> Value
    ) async throws(LedgerError) -> Value {
        var attempt = 1
        while true {
            do throws(PostgresError) {
                return try await body()
            } catch {
                guard error.disposition == .transient, attempt < 8, !Task.isCancelled else {
                    // What is thrown does not tell why.
                    logger.warning("grant interrupted", metadata: ["error": "\(error)"])
                    throw error.ledgerErrorOfRead
                }
                logger.debug("grant tried again", metadata: ["error": "\(error)"])
                // A sleep that cancellation ends early is followed by the look above.
                try? await Task.sleep(for: .milliseconds(10 << attempt))
                attempt += 1
            }
        }
    }
}

extension DailyGrant {
    var metadata: Logger.Metadata {
        [
            "schedule": "\(schedule)", "day": "\(day)", "amount": "\(amount)",
            "eligible": "\(eligible)", "granted": "\(granted)", "capped": "\(capped)",
        ]
    }

    func metadata(share: Int64) -> Logger.Metadata {
        metadata.merging(["share_percent": "\(share)"]) { _, new in new }
    }
}
