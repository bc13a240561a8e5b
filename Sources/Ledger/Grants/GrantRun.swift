import Logging
import Postgres

// One day, from its first chunk to its last look.

extension DailyGrants {
    /// What a run left behind.
    struct Run: Sendable {
        let grant: DailyGrant
        /// Not where another session keeps somebody's balance locked: the day is to be run again.
        let reachedEverybody: Bool
    }

    /// nil where the day was never begun and there is no amount to begin it with.
    func run(
        _ occurrence: GrantOccurrence, amount: CreditAmount?, by origin: Origin,
        isByHand: Bool = false, _ progress: @Sendable (DailyGrant) -> Void
    ) async throws(LedgerError) -> Run? {
        let begun = try await transaction { connection throws(PostgresError) in
            try await runs.begin(
                occurrence, amount: amount, by: origin, isByHand: isByHand, on: connection)
        }
        guard let begun else { return nil }
        var pace = ChunkPace(limit: settings.chunkSize, writes: writes.reading)
        guard begun.isDone else { return try await finish(begun, occurrence, &pace, progress) }
        let isWhole = try await grantLeftOut(of: begun, &pace)
        return try await current(occurrence).map { Run(grant: $0, reachedEverybody: isWhole) }
    }

    private func finish(
        _ begun: DailyGrant, _ occurrence: GrantOccurrence, _ pace: inout ChunkPace,
        _ progress: @Sendable (DailyGrant) -> Void
    ) async throws(LedgerError) -> Run? {
        var isDone = false
        while !isDone {
            try await grantChunks(of: begun, occurrence, &pace, progress)
            try await waitForOpenInserts()
            guard try await grantLeftOut(of: begun, &pace) else {
                return Run(grant: begun, reachedEverybody: false)
            }
            isDone = try await transaction { connection throws(PostgresError) in
                try await runs.finish(occurrence, on: connection)
            }
        }
        guard let done = try await current(occurrence) else { return nil }
        logger.notice("grant done", metadata: done.metadata)
        return Run(grant: done, reachedEverybody: true)
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

    /// Each step may be run any number of times.
    func retrying<Value: Sendable>(
        _ step: () async throws(PostgresError) -> Value
    ) async throws(LedgerError) -> Value {
        do {
            return try await Repeating(attempts: Self.attempts, logger: logger).run(step)
        } catch {
            // What is thrown does not tell why.
            logger.warning("grant interrupted", metadata: ["error": "\(error)"])
            if case .forbidden = error.ledgerError { throw error.ledgerError }
            throw error.ledgerErrorOfRead
        }
    }

    private static let attempts = 8
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
