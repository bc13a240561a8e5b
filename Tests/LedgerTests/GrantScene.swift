import Postgres
import TestSupport
import Testing

@testable import Ledger

extension LedgerScene {
    /// An instance's grants; its clock is the database's, unless one is given.
    func grants(
        amount: Int64? = 5, chunkSize: Int = 2_000, catchUp: GrantCatchUp = .all,
        now: Timestamp? = nil
    ) -> DailyGrants {
        var settings = DailyGrants.Settings(amount: amount.map(creditAmount))
        settings.chunkSize = chunkSize
        settings.catchUp = catchUp
        var grants = DailyGrants(pool: pool, settings: settings, logger: quietLogger)
        if let now { grants.clock = { _ throws(PostgresError) in now } }
        return grants
    }

    /// A user who came into being shortly before a day's midnight.
    func userOf(
        midnight day: CalendarDay, microsecondsBefore: Int64 = 1_000
    ) async throws -> UserID {
        let user = try await newUser()
        let moment = Timestamp(
            microsecondsSinceUnixEpoch: day.start.microsecondsSinceUnixEpoch - microsecondsBefore)
        _ = try await pool.run(
            "UPDATE users SET created_at = \(moment.postgres) WHERE user_id = \(user.rawValue)")
        return user
    }

    /// Users as old as the tables of the service before this one, by the thousand.
    func makeOldUsers(_ count: Int) async throws {
        try await execute(
            """
            INSERT INTO users (email, name, created_at)
            SELECT 'old-' || n || '@example.com', 'Old', '1970-01-01+00'
            FROM generate_series(1, \(count)) AS n
            """)
    }

    func pretendInstalled(daysBefore day: CalendarDay, _ days: Int32) async throws {
        let moment = Timestamp(
            microsecondsSinceUnixEpoch: day.adding(-days).start.microsecondsSinceUnixEpoch + 1)
        _ = try await pool.run("UPDATE credits_schema SET installed_at = \(moment.postgres)")
    }

    /// What a grant must never leave behind: somebody missing, a count that is not the entries',
    /// a ledger that does not add up.
    func expectComplete(
        _ day: CalendarDay, eligible: Int64, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let found = try #require(
            try await grants().coverage(of: day, usersAbove: 0, limit: 100_000),
            sourceLocation: sourceLocation)
        let (grant, coverage) = found
        #expect(grant.status == .done, sourceLocation: sourceLocation)
        #expect(coverage.missing == [], sourceLocation: sourceLocation)
        #expect(coverage.eligible == eligible, sourceLocation: sourceLocation)
        #expect(
            coverage.granted + coverage.capped == eligible, sourceLocation: sourceLocation)
        #expect(
            (grant.granted, grant.capped) == (coverage.granted, coverage.capped),
            sourceLocation: sourceLocation)
    }

    func expectSound(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let (found, _) = try await verify(chunk: 1_000_000)
        #expect(found == [], sourceLocation: sourceLocation)
        #expect(
            try await count("SELECT count(*) FROM grant_chunks") == 0,
            sourceLocation: sourceLocation)
    }

    func credits(of user: UserID) async throws -> Int64? {
        try await service.account(of: user)?.credits
    }

    /// What a user has when an instance has granted what is due at a moment.
    func credits(
        of user: UserID, caughtUpAt moment: Timestamp, amount: Int64 = 5
    ) async throws -> Int64? {
        _ = try await grants(amount: amount, now: moment).catchUp()
        return try await credits(of: user)
    }
}

extension CalendarDay {
    func adding(_ days: Int32) -> CalendarDay {
        CalendarDay(daysSinceUnixEpoch: daysSinceUnixEpoch + days)
    }

    /// A moment of the day.
    func at(hour: Int64, minute: Int64 = 0, microsecond: Int64 = 0) -> Timestamp {
        Timestamp(
            microsecondsSinceUnixEpoch: start.microsecondsSinceUnixEpoch
                + (hour * 60 + minute) * 60_000_000 + microsecond)
    }
}

func calendarDay(_ text: String) throws -> CalendarDay { try #require(CalendarDay(text)) }
