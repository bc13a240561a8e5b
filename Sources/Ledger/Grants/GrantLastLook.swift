import Postgres

// The last look of a day: users against entries.

extension DailyGrants {
    /// Grants whoever is left out: users behind the division, whose INSERT was still uncommitted
    /// then.
    func grantLeftOut(
        of grant: DailyGrant, _ pace: inout ChunkPace
    ) async throws(LedgerError) {
        var last: Int64? = 0
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
            try await grantLeftOut(coverage.missing, of: grant, &pace)
            await rest(after: pace)
            last = coverage.next
        }
    }

    private func grantLeftOut(
        _ missing: [Int64], of grant: DailyGrant, _ pace: inout ChunkPace
    ) async throws(LedgerError) {
        var missing = missing[...]
        while !missing.isEmpty {
            let users = Array(missing.prefix(ChunkPace.smallest))
            missing = missing.dropFirst(users.count)
            guard !Task.isCancelled else { throw .unavailable }
            let start = ContinuousClock.now
            try await storeMissingBalances(of: users)
            try await transaction { connection throws(PostgresError) in
                try await store.grantLeftOut(users, of: grant, on: connection)
            }
            pace.looked(for: ContinuousClock.now - start, writes: writes.reading)
            await rest(after: pace)
        }
    }

    /// Some 20 ms of reading each, without a lock.
    private static let usersALook = 10_000

    func storeMissingBalances(of users: [Int64]) async throws(LedgerError) {
        try await retrying { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in
                try await store.storeMissingBalances(of: users, on: connection)
            }
        }
    }
}
