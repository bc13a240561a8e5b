import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Connections that are cut at random moments, a day each, in one database.
@Suite("Grants that are cut short")
struct GrantKillTests {
    private static let users = 60

    /// Each seed cuts all connections of two racing instances, at moments drawn from it; whatever
    /// is left then is finished by a third. A hundred days together.
    @Test(arguments: 0..<4)
    func `days that are cut at random points reach everybody once`(quarter: Int) async throws {
        try await withLedger { ledger in
            try await ledger.makeOldUsers(Self.users)
            let rival = LedgerScene(database: ledger.database, loop: ledger.loop)
            let first = try calendarDay("2024-01-01")
            for seed in (quarter * 25)..<(quarter * 25 + 25) {
                let day = first.adding(Int32(seed))
                let killing = Task { try await ledger.cutConnections(seed: UInt64(seed)) }
                async let one = try? ledger.grants(chunkSize: 5).run(day)
                async let other = try? rival.grants(chunkSize: 7).run(day)
                _ = await (one, other)
                _ = try await killing.value
                try await ledger.finish(day)
                try await ledger.expectComplete(day, eligible: Int64(Self.users))
            }
            // An instance whose connections nobody has cut.
            let witness = LedgerScene(database: ledger.database, loop: ledger.loop)
            try await witness.expectSound()
            #expect(
                try await witness.count("SELECT count(*) FROM credits WHERE credits = 125")
                    == Int64(Self.users))
        }
    }
}

extension LedgerScene {
    /// Cuts connections three times, up to 30 ms apart.
    fileprivate func cutConnections(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<3 {
            let pause = Int64.random(in: 0...30_000, using: &generator)
            try await Task.sleep(for: .microseconds(pause))
            try await database.administer(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
        }
    }

    /// Runs the day as soon as the pool is over the cuts: a login that was cut counts as a database
    /// that is away, which is left alone for some time.
    fileprivate func finish(_ day: CalendarDay) async throws {
        let isDone = try await eventually {
            do {
                _ = try await grants().run(day)
                return true
            } catch LedgerError.unavailable {
                return false
            }
        }
        #expect(isDone)
    }
}
