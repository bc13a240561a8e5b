import Testing

@testable import Ledger

@Suite("Calendar days and timestamps")
struct CalendarTests {
    @Test(
        "days are written and read as YYYY-MM-DD",
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (11_016, "2000-02-29"), (11_017, "2000-03-01"),
            (19_782, "2024-02-29"), (20_779, "2026-11-22"), (47_540, "2100-02-28"),
            (47_541, "2100-03-01"), (-719_468, "0000-03-01"), (2_932_896, "9999-12-31"),
        ] as [(Int32, String)])
    func writesDays(days: Int32, text: String) {
        #expect(CalendarDay(daysSinceUnixEpoch: days).description == text)
        #expect(CalendarDay(text)?.daysSinceUnixEpoch == days)
    }

    @Test(
        "what is no day is refused",
        arguments: [
            "", "2026-11-31", "2025-02-29", "2100-02-29", "2026-13-01", "2026-00-10", "2026-1-01",
            "26-11-22", "2026-11-22T00:00:00Z", "2026/11/22", "+026-11-22", "today",
        ])
    func refusesOtherText(text: String) {
        #expect(CalendarDay(text) == nil)
    }

    @Test("every day of 400 years is followed by the next")
    func countsDays() {
        for days in Int32(0)..<146_097 {
            let day = CalendarDay(daysSinceUnixEpoch: days)
            #expect(CalendarDay(day.description) == day)
            #expect(
                day.next.start.microsecondsSinceUnixEpoch - 86_400_000_000
                    == day.start.microsecondsSinceUnixEpoch)
        }
    }

    @Test(
        "moments are written by RFC 3339 with microseconds",
        arguments: [
            (0, "1970-01-01T00:00:00.000000Z"), (-1, "1969-12-31T23:59:59.999999Z"),
            (1_795_331_909_093_827, "2026-11-22T07:18:29.093827Z"),
            (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
            (253_402_300_800_000_000, "9999-12-31T23:59:59.999999Z"),
            (.max, "9999-12-31T23:59:59.999999Z"),
            (-62_135_596_800_000_001, "0001-01-01T00:00:00.000000Z"),
            (.min, "0001-01-01T00:00:00.000000Z"),
        ] as [(Int64, String)])
    func writesMoments(microseconds: Int64, text: String) {
        #expect(Timestamp(microsecondsSinceUnixEpoch: microseconds).rfc3339 == text)
    }
}
