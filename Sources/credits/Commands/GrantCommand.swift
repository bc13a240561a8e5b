import ArgumentParser
import FoundationEssentials
import Ledger

/// `credits grant`: the daily grant, run by hand.
struct GrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Grant the days that are due, or one day.",
        discussion: """
            A day reaches every user who existed at its midnight (UTC), once: one that was cut \
            short is finished, and in one that is done only users who are missing get it. \
            Without --day the days of all schedules that are due are granted. Without \
            DAILY_GRANT_AMOUNT, of which only the service may know, no day of the daily grant is \
            begun, and one that --day names has the amount that the service stored last.

            EXAMPLES:
              credits grant
              credits grant --day 2026-11-22 --json
            """)

    @Option(
        help: "The day, in UTC. (default: every day that is due)", transform: GrantCommand.day)
    var day: CalendarDay?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: GrantOptions

    func run() async throws {
        try await options.withTables { database, loaded, logger in
            var settings = loaded.settings.ledger.grants
            settings.isAmountDefault = loaded.origin(of: "DAILY_GRANT_AMOUNT") == .builtIn
            let grants = DailyGrants(pool: database.pool, settings: settings, logger: logger)
            let done: [DailyGrant]
            do {
                done =
                    if let day {
                        [try await Self.run(day, with: grants)]
                    } else {
                        try await Self.runDueDays(with: grants)
                    }
            } catch let error as LedgerError {
                throw ProgramFailure(ofGrant: error)
            }
            let report = GrantReport(grants: done)
            StandardStream.output.write(json ? try report.json() : report.text)
        }
    }

    private static func runDueDays(with grants: DailyGrants) async throws -> [DailyGrant] {
        let (done, finish) = AsyncStream.makeStream(of: DailyGrant.self)
        _ = try await grants.catchUp(actor: .grantCommand, done: { finish.yield($0) })
        finish.finish()
        return await done.reduce(into: []) { $0.append($1) }
    }

    private static func run(
        _ day: CalendarDay, with grants: DailyGrants
    ) async throws -> DailyGrant {
        switch try await grants.run(day, by: Origin(actor: .grantCommand)) {
        case .done(let grant): return grant
        case .turnedOff:
            throw ProgramFailure(.configuration, "DAILY_GRANT_AMOUNT is 0: nothing to grant")
        case .notYet(let today):
            throw ProgramFailure(
                .usage, "\(day) is still to come: it is \(today) by the database's clock")
        }
    }

    @Sendable private static func day(_ text: String) throws -> CalendarDay {
        guard let day = CalendarDay(text) else {
            throw ValidationError("'\(text)' is no day; write it as YYYY-MM-DD")
        }
        return day
    }
}

extension ProgramFailure {
    /// Chunks of a day are committed one by one.
    fileprivate init(ofGrant error: LedgerError) {
        switch error {
        case .unavailable, .overloaded, .outcomeUnknown:
            self.init(
                .failure,
                "not everybody was reached: the database did not answer, or another session keeps "
                    + "balances locked (see above). Some users may have been granted; run the "
                    + "command again, nobody is granted twice")
        case .forbidden(let text):
            self.init(
                .failure,
                "a rule of the database forbids it: \(text). Some users may have been granted; "
                    + "nobody is granted twice when the command is run again")
        case .failed(let text): self.init(.internalFault, text)
        }
    }
}

/// What `credits grant` says it did.
struct GrantReport {
    let grants: [DailyGrant]

    var text: String {
        guard !grants.isEmpty else { return "No day is due.\n" }
        return grants.map { grant in
            let capped = grant.capped == 0 ? "" : ", \(grant.capped) of them less (upper limit)"
            return
                "\(grant.label): \(grant.amount) credits each to \(grant.eligible) users\(capped)\n"
        }.joined()
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(grants.map(Row.init)), as: UTF8.self) + "\n"
    }

    private struct Row: Encodable {
        let schedule: String
        let day: String
        let amount: Int64
        let eligible: Int64
        let granted: Int64
        let capped: Int64

        init(_ grant: DailyGrant) {
            schedule = grant.schedule
            day = "\(grant.day)"
            (amount, eligible) = (grant.amount, grant.eligible)
            (granted, capped) = (grant.granted, grant.capped)
        }
    }
}

extension DailyGrant {
    /// The day, with its schedule where that is not the usual one.
    fileprivate var label: String { schedule == "daily" ? "\(day)" : "\(schedule) \(day)" }
}
