import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Ledger

/// What administrators write to `grant_schedules` with psql.
struct GrantSchedulesTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    @Test func `the example of the documentation does what it says`() async throws {
        let page = try String(contentsOfFile: Self.root + "/docs/operations.md", encoding: .utf8)
        let section = try #require(page.components(separatedBy: "### Other schedules\n").last)
        let sql = try #require(section.components(separatedBy: "```").dropFirst().first)
        try await withLedger { ledger in
            let lastOfMonth = try calendarDay("2027-02-28")
            try await ledger.pretendInstalled(daysBefore: lastOfMonth, 1)
            let user = try await ledger.userOf(midnight: lastOfMonth)
            let found = try await ledger.database.run(String(sql.dropFirst("sql".count)))
            #expect(found == [])
            // Tomorrow, by the clock of whoever runs this.
            try await ledger.execute(
                "UPDATE grant_schedules SET active_from = '2027-01-01' WHERE active_to IS NULL")

            for (moment, credits) in [
                (lastOfMonth.at(hour: 17), 5), (lastOfMonth.at(hour: 18), 205),
                (lastOfMonth.next.start, 285),
            ] as [(Timestamp, Int64)] {
                #expect(try await ledger.credits(of: user, caughtUpAt: moment) == credits)
            }
        }
    }

    struct Refusal: Sendable {
        let columns: String
        let values: String
        let check: String
    }

    private static let refusals = [
        Refusal(
            columns: "name, amount, cadence", values: "'Weekly Bonus', 5, 'daily'",
            check: "name_is_small_letters_digits_dashes"),
        Refusal(
            columns: "name, amount, cadence", values: "'a', 0, 'daily'",
            check: "amount_is_1_to_1000000000000"),
        Refusal(
            columns: "name, amount, cadence", values: "'a', 5, 'yearly'",
            check: "cadence_is_daily_weekly_or_monthly"),
        Refusal(
            columns: "name, amount, cadence, weekday", values: "'a', 5, 'weekly', 0",
            check: "weekday_is_1_monday_to_7_sunday"),
        Refusal(
            columns: "name, amount, cadence, day_of_month", values: "'a', 5, 'monthly', 32",
            check: "day_of_month_is_1_to_31"),
        Refusal(
            columns: "name, amount, cadence", values: "'a', 5, 'weekly'",
            check: "weekday_stands_with_weekly_only"),
        Refusal(
            columns: "name, amount, cadence, day_of_month", values: "'a', 5, 'daily', 1",
            check: "day_of_month_stands_with_monthly_only"),
        Refusal(
            columns: "name, amount, cadence, active_from", values: "'a', 5, 'daily', 'infinity'",
            check: "active_from_is_1970_to_9999"),
        Refusal(
            columns: "name, amount, cadence, active_to", values: "'a', 5, 'daily', '10000-01-01'",
            check: "active_to_is_1970_to_9999"),
    ]

    @Test func `a row that makes no sense is refused by a check that names the rule`()
        async throws
    {
        try await withLedger { ledger in
            for refusal in Self.refusals {
                let error = await #expect(throws: DirectError.self) {
                    try await ledger.database.run(
                        """
                        INSERT INTO grant_schedules (\(refusal.columns))
                        VALUES (\(refusal.values))
                        """)
                }
                #expect(error?.message.contains("\"\(refusal.check)\"") == true, "\(refusal)")
            }
            let error = await #expect(throws: DirectError.self) {
                try await ledger.database.run(
                    "UPDATE grant_schedules SET time_utc = '06:00' WHERE name = 'daily'")
            }
            #expect(error?.message.contains("\"daily_stays_daily_at_midnight\"") == true)
        }
    }
}
