import Logging
import Postgres

// The last look of a day: users against entries.

extension DailyGrants {
    /// Grants whoever is left out: users behind the division, whose INSERT was still uncommitted
    /// then, and those whose balance somebody else had locked.
    ///
    /// - Returns: whether everybody was to be had; not where a balance stays locked.
    func grantLeftOut(
        of grant: DailyGrant, _ pace: inout ChunkPace
    ) async throws(LedgerError) -> Bool {
        var last: Int64? = 0
        var locked = 0
        while let user = last {
            guard !Task.isCancelled else { throw .unavailable }
            let start = ContinuousClock.now
            let coverage = try await retrying { () throws(PostgresError) in
                try await pool.use { connection throws(PostgresError) in
                    try await calendar.coverage(
                        of: grant, usersAbove: user, limit: Self.usersALook, on: connection)
                }
            }
            pace.looked(for: ContinuousClock.now - start, writes: writes.reading)
            for user in try await grantLeftOut(coverage.missing, of: grant, &pace) {
                // Where several stay locked, one session has them, and its end comes for all.
                let isReached = locked == 0 ? try await wait(for: user, of: grant) : false
                locked += isReached ? 0 : 1
            }
            await rest(after: pace)
            last = coverage.next
        }
        if locked > 0 { tell(of: grant, locked: locked) }
        return locked == 0
    }

    private func tell(of grant: DailyGrant, locked: Int) {
        logger.warning(
            "grant left users out whose balances another session keeps locked",
            metadata: [
                "schedule": "\(grant.schedule)", "day": "\(grant.day)", "users": "\(locked)",
            ])
    }

    /// - Returns: those whose balance somebody else has locked.
    private func grantLeftOut(
        _ missing: [Int64], of grant: DailyGrant, _ pace: inout ChunkPace
    ) async throws(LedgerError) -> [Int64] {
        var missing = missing[...]
        var locked: [Int64] = []
        while !missing.isEmpty {
            let users = Array(missing.prefix(ChunkPace.smallest))
            missing = missing.dropFirst(users.count)
            guard !Task.isCancelled else { throw .unavailable }
            let start = ContinuousClock.now
            try await storeMissingBalances(of: users)
            locked += try await transaction { connection throws(PostgresError) in
                try await store.grantLeftOut(users, of: grant, on: connection)
            }
            pace.looked(for: ContinuousClock.now - start, writes: writes.reading)
            await rest(after: pace)
        }
        return locked
    }

    /// Grants one user as soon as the balance is to be had; false where it stays locked.
    private func wait(for user: Int64, of grant: DailyGrant) async throws(LedgerError) -> Bool {
        try await retrying { () throws(PostgresError) in
            try await unlessLocked { () throws(PostgresError) in
                try await pool.useInTransaction { connection throws(PostgresError) in
                    try await store.grantLeftOut(
                        user, of: grant, waitingFor: Self.longestWait, on: connection)
                }
            }
        }
    }

    func storeMissingBalances(of users: [Int64]) async throws(LedgerError) {
        try await retrying { () throws(PostgresError) in
            guard try await !storeMissing(users) else { return }
            for user in users { _ = try await storeMissing([user]) }
        }
    }

    private func storeMissing(_ users: [Int64]) async throws(PostgresError) -> Bool {
        try await unlessLocked { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await store.storeMissingBalances(of: users, on: connection)
            }
            return true
        }
    }

    /// False where the step met a row that somebody else keeps locked.
    private func unlessLocked(
        _ step: () async throws(PostgresError) -> Bool
    ) async throws(PostgresError) -> Bool {
        do throws(PostgresError) {
            return try await step()
        } catch {
            guard error.sqlState == .lockNotAvailable else { throw error }
            return false
        }
    }

    /// Some 20 ms of reading each, without a lock.
    private static let usersALook = 10_000
    private static let longestWait = Duration.seconds(5)
}
