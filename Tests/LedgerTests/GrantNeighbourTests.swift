import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("The daily grant, and who counts as at work beside it")
struct GrantNeighbourTests {
    /// What the session that waits does before, and whether a chunk then sees others at work.
    private static let sessions: [(statement: Statement, isSeen: Bool)] = [
        ("SELECT 1", true),
        ("LOCK TABLE grant_chunks IN ROW SHARE MODE", false),
    ]

    @Test(arguments: sessions.indices)
    func `another session is at work, unless it grants chunks itself`(row: Int) async throws {
        try await withLedger { ledger in
            let (statement, isSeen) = Self.sessions[row]
            let day = try await ledger.grants().today()
            let user = try await ledger.userOf(midnight: day)
            _ = try await ledger.perform(add(1), on: user)
            let grant = try #require(try await ledger.begin(day))
            let holder = try DirectConnection(ledger.database.target)
            try holder.run("SELECT pg_advisory_lock(1)")
            async let waiting: Void = ledger.pool.useInTransaction {
                connection throws(PostgresError) in
                _ = try await connection.run(statement)
                _ = try await connection.run("SELECT pg_advisory_xact_lock(1)")
            }
            let waits = try await eventually {
                try await ledger.count(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND wait_event = 'advisory'
                    """) == 1
            }
            #expect(waits)

            let result = try await ledger.pool.useInTransaction {
                connection throws(PostgresError) in
                try await GrantStore().runChunk(of: grant, on: connection)
            }

            #expect(result == .granted(users: 1, othersAtWork: isSeen))
            try holder.run("SELECT pg_advisory_unlock(1)")
            try await waiting
        }
    }

    @Test func `a chunk that is granted step by step is alone, too, where nobody is`() async throws
    {
        try await withLedger { ledger in
            let day = try await ledger.grants().today()
            let user = try await ledger.userOf(midnight: day)
            _ = try await ledger.perform(add(1), on: user)
            let grant = try #require(try await ledger.begin(day))
            let result = try await ledger.pool.useInTransaction {
                connection throws(PostgresError) in
                try await GrantStore().runChunkStepByStep(of: grant, on: connection)
            }
            #expect(result == .granted(users: 1, othersAtWork: false))
        }
    }

    @Test func `each round of writes is timed, whichever way it takes`() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            let times = ledger.service.counters.writeRounds
            #expect(times.reading == RoundTimes.Reading())
            _ = try await ledger.perform(add(10), on: user)
            let afterAdd = times.reading.rounds
            #expect(afterAdd >= 1)
            _ = try await ledger.perform(.reset, on: user)
            #expect(times.reading.rounds > afterAdd)
            #expect(times.reading.microseconds > 0)
        }
    }

    @Test func `a day is not done while another instance still has a chunk of it`() async throws {
        try await withLedger { ledger in
            let day = try await ledger.grants().today()
            try await ledger.makeOldUsers(3)
            let grant = try #require(try await ledger.begin(day))
            #expect(try await !ledger.finishUnlessOpen(grant))
            #expect(try await ledger.grants().days(day...day).map(\.status) == [.running])
            #expect(try await ledger.grants().run(day).summary?.granted == 3)
            #expect(try await ledger.finishUnlessOpen(grant))
            try await ledger.expectComplete(day, eligible: 3)
        }
    }
}

extension LedgerScene {
    /// A day that is begun, and divided as far as it goes at once.
    fileprivate func begin(_ day: CalendarDay) async throws -> DailyGrant? {
        let runs = GrantRunStore()
        let occurrence = GrantOccurrence(schedule: RecurringGrant.daily, day: day)
        return try await pool.useInTransaction { connection throws(PostgresError) in
            let grant = try await runs.begin(
                occurrence, amount: CreditAmount(5), by: Origin(actor: nil), isByHand: false,
                on: connection)
            _ = try await runs.divide(occurrence, size: 10, on: connection)
            return grant
        }
    }

    fileprivate func finishUnlessOpen(_ grant: DailyGrant) async throws -> Bool {
        let occurrence = GrantOccurrence(schedule: grant.schedule, day: grant.day)
        return try await pool.useInTransaction { connection throws(PostgresError) in
            try await GrantRunStore().finish(occurrence, on: connection)
        }
    }
}
