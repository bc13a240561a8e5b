import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("What is due, and what was missed")
struct GrantRegisterTests {
    @Test func `three days down are made up, oldest first, an entry a day`() async throws {
        try await withLedger { ledger in
            let today = try calendarDay("2026-11-25")
            try await ledger.pretendInstalled(daysBefore: today, 3)
            let user = try await ledger.userOf(midnight: today.adding(-2))
            let newer = try await ledger.userOf(midnight: today.adding(-1))
            #expect(try await ledger.grants().days(today.adding(-2)...today).count == 3)

            let caughtUp = try await ledger.grants(now: today.at(hour: 9)).catchUp()

            #expect(caughtUp == .init(day: today, next: nil))
            #expect(try await ledger.credits(of: user) == 15)
            #expect(try await ledger.credits(of: newer) == 10)
            let order = try await ledger.pool.run(
                "SELECT day FROM daily_grants ORDER BY finished_at"
            ).map { try $0.decode(CalendarDay.self) }
            #expect(order == [today.adding(-2), today.adding(-1), today])
            for day in [today.adding(-1), today] {
                try await ledger.expectComplete(day, eligible: 2)
            }
            try await ledger.expectSound()
        }
    }

    @Test(
        arguments: [
            (GrantCatchUp.days(0), ["skipped", "skipped", "done"], 5),
            (.days(1), ["skipped", "done", "done"], 10), (.all, ["done", "done", "done"], 15),
        ] as [(GrantCatchUp, [String], Int64)])
    func `missed days that are not made up are recorded as skipped`(
        catchUp: GrantCatchUp, statuses: [String], credits: Int64
    ) async throws {
        try await withLedger { ledger in
            let today = try calendarDay("2026-03-01")
            try await ledger.pretendInstalled(daysBefore: today, 3)
            let user = try await ledger.userOf(midnight: today.adding(-2))

            _ = try await ledger.grants(catchUp: catchUp, now: today.start).catchUp()

            let days = try await ledger.grants().days(today.adding(-2)...today)
            #expect(days.map(\.status.rawValue) == statuses)
            #expect(try await ledger.credits(of: user) == credits)
            // Skipped once is skipped for good, unless somebody runs the day by hand.
            _ = try await ledger.grants(now: today.start).catchUp()
            #expect(try await ledger.credits(of: user) == credits)
            _ = try await ledger.grants().run(today.adding(-2))
            try await ledger.expectComplete(today.adding(-2), eligible: 1)
            try await ledger.expectSound()
        }
    }

    @Test func `a changed amount is that of the days to come, not of those that were due`()
        async throws
    {
        try await withLedger { ledger in
            let today = try calendarDay("2027-01-01")
            try await ledger.pretendInstalled(daysBefore: today, 1)
            let user = try await ledger.userOf(midnight: today)
            let expected: [(Timestamp, Int64)] = [(today.start, 5), (today.next.start, 55)]
            for (moment, credits) in expected {
                #expect(
                    try await ledger.credits(of: user, caughtUpAt: moment, amount: 50) == credits)
            }
        }
    }

    @Test func `a clock that jumps forward, back and over midnight grants no day twice`()
        async throws
    {
        try await withLedger { ledger in
            let today = try calendarDay("2024-02-29")
            try await ledger.pretendInstalled(daysBefore: today, 2)
            let user = try await ledger.userOf(midnight: today.adding(-1))
            let moments = [
                today.at(hour: 0, microsecond: -1), today.start, today.at(hour: -3),
                today.next.at(hour: 1), today.at(hour: 5), today.next.start,
            ]
            for moment in moments {
                _ = try await ledger.grants(now: moment).catchUp()
            }
            #expect(try await ledger.credits(of: user) == 15)
            let days = try await ledger.grants().days(today.adding(-10)...today.adding(10))
            #expect(days.filter(\.isDone).map(\.day) == [today.adding(-1), today, today.next])
            try await ledger.expectSound()
        }
    }

    @Test func `a day that a clock registered too early waits for its moment`() async throws {
        try await withLedger { ledger in
            let today = try calendarDay("2024-02-29")
            try await ledger.pretendInstalled(daysBefore: today, 1)
            let user = try await ledger.userOf(midnight: today)
            let register = GrantRegister(dailyAmount: CreditAmount(5), catchUp: .all)
            _ = try await ledger.pool.useInTransaction { connection throws(PostgresError) in
                try await register.registerDueDays(at: today.next.at(hour: 1), on: connection)
            }

            _ = try await ledger.grants(now: today.at(hour: 5)).catchUp()
            #expect(try await ledger.credits(of: user) == 5)
            let days = try await ledger.grants().days(today...today.next)
            #expect(days.map(\.status) == [.done, .pending])

            let another = try await ledger.userOf(midnight: today.next)
            _ = try await ledger.grants(now: today.next.start).catchUp()
            #expect(try await ledger.credits(of: user) == 10)
            #expect(try await ledger.credits(of: another) == 5)
            try await ledger.expectSound()
        }
    }

    @Test(arguments: [true, false])
    func `a day that was done by a clock ahead is looked over when its moment comes`(
        isNoticedBefore: Bool
    ) async throws {
        try await withLedger { ledger in
            let today = try calendarDay("2024-02-29")
            try await ledger.pretendInstalled(daysBefore: today, 1)
            let user = try await ledger.userOf(midnight: today)
            _ = try await ledger.grants(now: today.next.at(hour: 1)).catchUp()
            #expect(try await ledger.credits(of: user) == 10)

            if isNoticedBefore {
                _ = try await ledger.grants(now: today.at(hour: 5)).catchUp()
                let days = try await ledger.grants().days(today...today.next)
                #expect(days.map(\.status) == [.done, .pending])
            }
            let since = try await ledger.userOf(midnight: today.next)
            _ = try await ledger.grants(now: today.next.start).catchUp()

            #expect(try await ledger.credits(of: user) == 10)
            #expect(try await ledger.credits(of: since) == 5)
            try await ledger.expectComplete(today.next, eligible: 2)
            try await ledger.expectSound()
        }
    }

    @Test func `a day that was due is run by hand with the amount that was in force`() async throws
    {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            try await ledger.pretendInstalled(daysBefore: today, 1)
            let user = try await ledger.userOf(midnight: today.adding(-5))

            let run = try await ledger.grants(amount: 50).run(today)

            #expect(run.summary == .init(amount: 5, eligible: 1, granted: 1))
            // A run by hand settles nothing for the days to come; what the service asks does.
            #expect(try await ledger.dailyAmount() == 5)
            _ = try await ledger.grants(amount: 50).catchUp()
            #expect(try await ledger.dailyAmount() == 50)
            // Before the service was installed no amount was in force.
            _ = try await ledger.grants(amount: 7).run(today.adding(-4))
            #expect(try await ledger.credits(of: user) == 12)
        }
    }

    @Test func `a schedule at 24:00 is not missed as soon as it is due`() async throws {
        try await withLedger { ledger in
            let day = try calendarDay("2026-11-30")
            try await ledger.pretendInstalled(daysBefore: day, 1)
            let user = try await ledger.userOf(midnight: day.next)
            try await ledger.execute(
                """
                INSERT INTO grant_schedules (name, amount, cadence, time_utc, active_from)
                VALUES ('end', 70, 'daily', '24:00', '\(day)')
                """)
            _ = try await ledger.grants(amount: nil, catchUp: .days(0), now: day.next.start)
                .catchUp()
            #expect(try await ledger.credits(of: user) == 70)
        }
    }

    @Test func `who was created at 23:59:59.999 has the day, who was at 00:00:00 the next`()
        async throws
    {
        try await withLedger { ledger in
            let day = try calendarDay("2026-01-01")
            try await ledger.pretendInstalled(daysBefore: day, 1)
            let before = try await ledger.userOf(midnight: day)
            let at = try await ledger.userOf(midnight: day, microsecondsBefore: 0)
            let expected: [(Timestamp, Int64, Int64)] = [
                (day.start, 5, 0), (day.next.start, 10, 5),
            ]
            for (moment, older, newer) in expected {
                #expect(try await ledger.credits(of: before, caughtUpAt: moment) == older)
                #expect(try await ledger.credits(of: at) == newer)
            }
        }
    }

    @Test func `other schedules have days, amounts and entries of their own`() async throws {
        try await withLedger { ledger in
            let monday = try calendarDay("2026-11-30")
            try await ledger.pretendInstalled(daysBefore: monday, 1)
            let user = try await ledger.userOf(midnight: monday)
            let late = try await ledger.userOf(midnight: monday, microsecondsBefore: -1)
            try await ledger.execute(
                """
                INSERT INTO grant_schedules
                    (name, amount, cadence, time_utc, weekday, day_of_month, active_from)
                VALUES ('week', 70, 'weekly', '06:30', 1, NULL, '2026-01-01'),
                    ('month', 300, 'monthly', '00:00', NULL, 31, '2026-01-01')
                """)

            let caughtUp = try await ledger.grants(now: monday.at(hour: 6)).catchUp()
            #expect(caughtUp.next == monday.at(hour: 6, minute: 30))
            #expect(try await ledger.credits(of: user) == 305)
            for _ in 1...2 {
                _ = try await ledger.grants(now: monday.at(hour: 7)).catchUp()
                _ = try await ledger.grants(amount: nil, now: monday.at(hour: 7)).catchUp()
            }

            #expect(try await ledger.credits(of: user) == 375)
            #expect(try await ledger.credits(of: late) == 70)
            let reasons = try await ledger.reasons(of: user)
            #expect(reasons == [nil, "month", "week"])
            try await ledger.expectSound()
        }
    }

    @Test func `a rule against one schedule does not keep the others from being granted`()
        async throws
    {
        try await withLedger { ledger in
            let monday = try calendarDay("2026-11-30")
            try await ledger.pretendInstalled(daysBefore: monday, 1)
            let user = try await ledger.userOf(midnight: monday)
            try await ledger.execute(
                """
                INSERT INTO grant_schedules (name, amount, cadence, weekday, active_from)
                VALUES ('a', 300, 'weekly', 1, '2026-01-01'), ('b', 70, 'weekly', 1, '2026-01-01');
                ALTER TABLE credits ADD CONSTRAINT few CHECK (credits < 100)
                """)

            let error = await #expect(throws: LedgerError.self) {
                _ = try await ledger.grants(now: monday.start).catchUp()
            }

            guard case .forbidden = error else { throw NotForbidden(error: error) }
            #expect(try await ledger.credits(of: user) == 75)
        }
    }

    private struct NotForbidden: Error { let error: LedgerError? }

    @Test func `without an amount no daily grant is due, and none is run by hand`() async throws {
        try await withLedger { ledger in
            let today = try await ledger.grants().today()
            try await ledger.pretendInstalled(daysBefore: today, 1)
            let user = try await ledger.userOf(midnight: today)
            let off = ledger.grants(amount: nil)
            _ = try await off.catchUp()
            #expect(try await off.run(today) == .turnedOff)
            #expect(try await ledger.credits(of: user) == 0)
        }
    }
}

extension LedgerScene {
    fileprivate func dailyAmount() async throws -> Int64 {
        try await count("SELECT amount FROM grant_schedules WHERE name = 'daily'")
    }

    fileprivate func reasons(of user: UserID) async throws -> [String?] {
        try await pool.run(
            """
            SELECT reason FROM credit_transactions WHERE user_id = \(user.rawValue)
            ORDER BY transaction_id
            """
        ).map { try $0.decode(String?.self) }
    }
}
