extension PostmanCollection {
    /// The day that is run reaches nobody: no user was created before it.
    static let grants = CollectionFolder(
        name: "Grants",
        description: "The daily grant: what it did, whom it reached, and how to run it again. It "
            + "must not be turned off: where DAILY_GRANT_AMOUNT is 0, no day is run. Where the "
            + "server has keys, set one.",
        steps: [
            CollectionStep(
                name: "Run a day", target: .operation("runDailyGrant"),
                purpose: "A day before there were users, so that nobody gets anything.",
                pathValues: ["day": emptyDay], checks: [isDone]),
            CollectionStep(
                name: "Run the day again", target: .operation("runDailyGrant"),
                purpose: "It is done, and stays as it is.", pathValues: ["day": emptyDay],
                checks: [isDone]),
            CollectionStep(
                name: "Prove the day", target: .operation("getDailyGrantCoverage"),
                purpose: "Everybody who existed then has an entry. Where there are many users, "
                    + "this is the first page of them.",
                pathValues: ["day": emptyDay],
                checks: [
                    .init(
                        "Nobody is missing",
                        "pm.expect(body.missing).to.eql([]);",
                        "pm.expect(body.eligible).to.equal(body.granted + body.capped);")
                ]),
            CollectionStep(
                name: "Read the calendar", target: .operation("listDailyGrants"),
                purpose: "The range has the day that was run.",
                query: [("from", emptyDay), ("to", "1970-01-31")],
                checks: [
                    .init(
                        "The day is in it",
                        "pm.expect(body.days[0].day).to.equal('\(emptyDay)');",
                        "pm.expect(body.days[0].status).to.equal('done');")
                ]),
            CollectionStep(
                name: "Day that is still to come", target: .operation("runDailyGrant"),
                purpose: "Nobody knows yet who will be there.", pathValues: ["day": "9999-12-31"],
                outcome: .problem(.invalidValue)),
            CollectionStep(
                name: "Coverage of a day without a grant",
                target: .operation("getDailyGrantCoverage"),
                purpose: "The calendar lists the days there are.",
                pathValues: ["day": "9999-12-31"], outcome: .problem(.notFound)),
        ])

    private static let emptyDay = "1970-01-01"

    private static let isDone = CollectionStep.Check(
        "Day is done",
        "pm.expect(body.day).to.equal('\(emptyDay)');",
        "pm.expect(body.status).to.equal('done');",
        "pm.expect(body.eligible).to.equal(0);")
}
