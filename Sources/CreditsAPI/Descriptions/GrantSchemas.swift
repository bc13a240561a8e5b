import Ledger

// The daily grant as it is answered.

extension SchemaComponent {
    private static let day = JSONSchema.string("The day, in UTC.", format: "date")
    private static let grantStatus = JSONSchema.enum(
        DailyGrant.Status.allCases.map(\.rawValue), "How far it is.")
    private static let count = 0...Int64.max

    static let grantDaySchema = JSONSchema.object(
        [
            .required("day", day),
            .required("amount", .integer(CreditAmount.range, "Credits for each user.")),
            .required("status", grantStatus),
            .required("eligible", .integer(count, "Users whom it has reached.")),
            .required("granted", .integer(count, "Those who got the whole amount.")),
            .required(
                "capped",
                .integer(count, "Those who got less, because their balance met the limit.")),
            .required("started_at", moment.nullable),
            .required("finished_at", moment.nullable),
        ], "A day's grant.")

    static let grantCalendarSchema = JSONSchema.object([
        .required("days", .array(of: .reference(.grantDay), "Oldest first."))
    ])

    static let grantCoverageSchema = JSONSchema.object([
        .required("day", day),
        .required("amount", .integer(CreditAmount.range, "Credits for each user.")),
        .required("status", grantStatus),
        .required("eligible", .integer(count, "Users of the page who existed at that midnight.")),
        .required("granted", .integer(count, "Those with an entry of the whole amount.")),
        .required("capped", .integer(count, "Those with an entry of less.")),
        .required("missing", .array(of: userID, "Those without an entry.")),
        .required("next_cursor", nextCursor),
    ])
}
