import Logging
import Postgres

// A day's chunks: the next one that is free, until there are none.

extension DailyGrants {
    func grantChunks(
        of grant: DailyGrant, _ occurrence: GrantOccurrence, _ pace: inout ChunkPace,
        _ progress: @Sendable (DailyGrant) -> Void
    ) async throws(LedgerError) {
        var report = GrantProgressReport(expectedUsers: try await expectedUsers())
        var way = ChunkWay()
        while true {
            // A stopping service does not begin another chunk.
            guard !Task.isCancelled else { throw .unavailable }
            guard try await grantChunk(of: grant, &way, &pace) else {
                switch try await divide(occurrence, size: pace.size) {
                case .divided: continue
                case .othersAtWork: await pauseForOthers()
                case .complete: return
                }
                continue
            }
            guard let current = try await current(occurrence) else { return }
            progress(current)
            tell(of: current, &report)
            await rest(after: pace)
        }
    }

    func rest(after pace: ChunkPace) async {
        guard pace.rest > .zero else { return }
        // One that cancellation ends early is followed by a look at it.
        try? await Task.sleep(for: pace.rest)
    }

    private func tell(of current: DailyGrant, _ report: inout GrantProgressReport) {
        guard let share = report.isDue(users: current.eligible) else { return }
        logger.notice("grant goes on", metadata: current.metadata(share: share))
    }

    private func expectedUsers() async throws(LedgerError) -> Int64 {
        try await retrying { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await runs.expectedUsers(on: connection)
            }
        }
    }

    /// How the next chunk is granted.
    private struct ChunkWay {
        /// Not by one statement, which somebody's lock makes vain: the last chunk met locks, and
        /// it seldom is the only one.
        var isStepByStep = false
        /// The one whose missing balances cannot be stored now.
        var makingDoIn: ClosedRange<Int64>?
    }

    /// Grants the next chunk; false where none is open.
    private func grantChunk(
        of grant: DailyGrant, _ way: inout ChunkWay, _ pace: inout ChunkPace
    ) async throws(LedgerError) -> Bool {
        let start = ContinuousClock.now
        switch try await runChunk(of: grant, way) {
        case .nothingOpen: return false
        case .granted(let users, let othersAtWork, let locked):
            way.isStepByStep = locked > 0
            pace.took(
                ContinuousClock.now - start, users: users, othersAtWork: othersAtWork,
                writes: writes.reading)
            return true
        case .lacksBalances(let users, let chunk):
            try await storeMissingBalances(of: users)
            way.makingDoIn = chunk
            return try await grantChunk(of: grant, &way, &pace)
        }
    }

    private func runChunk(
        of grant: DailyGrant, _ way: ChunkWay
    ) async throws(LedgerError) -> GrantStore.ChunkResult {
        try await retrying { () throws(PostgresError) in
            guard !way.isStepByStep else { return try await runStepByStep(of: grant, way) }
            do throws(PostgresError) {
                return try await pool.useInTransaction { connection throws(PostgresError) in
                    try await store.runChunk(
                        of: grant, makingDoIn: way.makingDoIn, on: connection)
                }
            } catch {
                guard error.sqlState == .uniqueViolation || error.sqlState == .lockNotAvailable
                else { throw error }
                return try await runStepByStep(of: grant, way)
            }
        }
    }

    private func runStepByStep(
        of grant: DailyGrant, _ way: ChunkWay
    ) async throws(PostgresError) -> GrantStore.ChunkResult {
        try await pool.useInTransaction { connection throws(PostgresError) in
            try await store.runChunkStepByStep(
                of: grant, makingDoIn: way.makingDoIn, on: connection)
        }
    }

    private func divide(
        _ occurrence: GrantOccurrence, size: Int
    ) async throws(LedgerError) -> GrantRunStore.Division {
        try await transaction { connection throws(PostgresError) in
            try await runs.divide(occurrence, size: size, on: connection)
        }
    }

    /// One that dies gives its chunk back at once, or after its 5 s in an idle transaction.
    private func pauseForOthers() async {
        // A sleep that cancellation ends early is followed by a statement, which fails.
        try? await Task.sleep(for: .milliseconds(10))
    }
}
