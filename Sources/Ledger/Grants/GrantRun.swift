import Logging
import Postgres

// One day, from its first chunk to its last look.

extension DailyGrants {
    /// nil where the day was never begun and there is no amount to begin it with.
    func run(
        _ occurrence: GrantOccurrence, amount: CreditAmount?, by origin: Origin,
        isByHand: Bool = false, _ progress: @Sendable (DailyGrant) -> Void
    ) async throws(LedgerError) -> DailyGrant? {
        let begun = try await retrying { () throws(PostgresError) in
            try await pool.useInTransaction { connection throws(PostgresError) in
                try await runs.begin(
                    occurrence, amount: amount, by: origin, isByHand: isByHand, on: connection)
            }
        }
        guard let begun else { return nil }
        if !begun.isDone { try await grantChunks(of: begun, occurrence, progress) }
        try await grantLeftOut(of: begun)
        if !begun.isDone {
            try await transaction { connection throws(PostgresError) in
                try await runs.finish(occurrence, on: connection)
            }
        }
        let done = try await current(occurrence)
        if !begun.isDone, let done {
            logger.notice("grant done", metadata: done.metadata)
        }
        return done
    }

    private func grantChunks(
        of grant: DailyGrant, _ occurrence: GrantOccurrence,
        _ progress: @Sendable (DailyGrant) -> Void
    ) async throws(LedgerError) {
        var report = GrantProgressReport(
            expectedUsers: try await retrying { () throws(PostgresError) in
                try await pool.use { connection throws(PostgresError) in
                    try await runs.expectedUsers(on: connection)
                }
            })
        var pace = ChunkPace(limit: settings.chunkSize)
        while true {
            // A stopping service does not begin another chunk.
            guard !Task.isCancelled else { throw .unavailable }
            guard try await grantChunk(of: grant, &pace) else {
                switch try await divide(occurrence, size: pace.size) {
                case .divided: break
                case .othersAtWork: await pauseForOthers()
                case .complete: return
                }
                continue
            }
            guard let current = try await current(occurrence) else { return }
            progress(current)
            if let share = report.isDue(users: current.eligible) {
                logger.notice("grant goes on", metadata: current.metadata(share: share))
            }
        }
    }

    /// Grants the next chunk; false where none is open.
    private func grantChunk(
        of grant: DailyGrant, _ pace: inout ChunkPace
    ) async throws(LedgerError) -> Bool {
        let start = ContinuousClock.now
        let result = try await transaction { connection throws(PostgresError) in
            try await store.runChunk(of: grant, on: connection)
        }
        switch result {
        case .nothingOpen: return false
        case .granted(let users):
            pace.took(ContinuousClock.now - start, users: users)
            return true
        case .lacksBalances(let users):
            try await storeMissingBalances(of: users)
            return try await grantChunk(of: grant, &pace)
        }
    }

    /// Whoever is left out: users behind the division, whose INSERT was still uncommitted then.
    private func grantLeftOut(of grant: DailyGrant) async throws(LedgerError) {
        var last: Int64? = 0
        while let user = last {
            let coverage = try await retrying { () throws(PostgresError) in
                try await pool.use { connection throws(PostgresError) in
                    try await calendar.coverage(
                        of: grant, usersAbove: user, limit: Self.usersALook, on: connection)
                }
            }
            var missing = coverage.missing[...]
            while !missing.isEmpty {
                let users = Array(missing.prefix(ChunkPace.smallest))
                missing = missing.dropFirst(users.count)
                try await storeMissingBalances(of: users)
                try await transaction { connection throws(PostgresError) in
                    try await store.grantLeftOut(users, of: grant, on: connection)
                }
            }
            last = coverage.next
        }
    }

    /// Some 20 ms of reading each, without a lock.
    private static let usersALook = 10_000

    private func divide(
        _ occurrence: GrantOccurrence, size: Int
    ) async throws(LedgerError) -> GrantRunStore.Division {
        try await transaction { connection throws(PostgresError) in
            try await runs.divide(occurrence, size: size, on: connection)
        }
    }

    private func storeMissingBalances(of users: [Int64]) async throws(LedgerError) {
        try await retrying { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await store.storeMissingBalances(of: users, on: connection)
            }
        }
    }

    private func current(
        _ occurrence: GrantOccurrence
    ) async throws(LedgerError) -> DailyGrant? {
        try await retrying { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await runs.grant(occurrence, on: connection)
            }
        }
    }

    /// One that dies gives its chunk back at once, or after its 5 s in an idle transaction.
    private func pauseForOthers() async {
        // A sleep that cancellation ends early is followed by a statement, which fails.
        try? await Task.sleep(for: .milliseconds(10))
    }

    // MARK: Trying again

    private func transaction<Value: Sendable>(
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
    fileprivate var metadata: Logger.Metadata {
        [
            "schedule": "\(schedule)", "day": "\(day)", "amount": "\(amount)",
            "eligible": "\(eligible)", "granted": "\(granted)", "capped": "\(capped)",
        ]
    }

    fileprivate func metadata(share: Int64) -> Logger.Metadata {
        metadata.merging(["share_percent": "\(share)"]) { _, new in new }
    }
}
