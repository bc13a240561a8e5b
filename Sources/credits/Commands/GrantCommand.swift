import ArgumentParser
import FoundationEssentials
import Ledger

/// `credits grant`: the daily grant, run by hand.
struct GrantCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Grant the days that are due, or one day.",
        discussion: """
            A day reaches every user who existed at its midnight (UTC), once: a day that is done \
            stays as it is, one that was cut short is finished.

            EXAMPLES:
              credits grant
              credits grant --day 2026-11-22 --json
            """)

    @Option(
        help: "The day, in UTC. (default: every day that is due)", transform: GrantCommand.day)
    var day: CalendarDay?
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: DatabaseOptions

    func run() async throws {
        try await options.withDatabase { database, settings, logger in
            guard let grantSettings = settings.grants else {
                throw ProgramFailure(.configuration, "DAILY_GRANT_AMOUNT is 0: nothing to grant")
            }
            let grants = DailyGrants(
                pool: database.pool, settings: grantSettings, logger: logger)
            let days = if let day { [day] } else { try await grants.pendingDays() }
            let report = GrantReport(grants: try await Self.run(days, with: grants))
            StandardStream.output.write(json ? try report.json() : report.text)
        }
    }

    private static func run(
        _ days: [CalendarDay], with grants: DailyGrants
    ) async throws -> [DailyGrant] {
        var done: [DailyGrant] = []
        for day in days {
            switch try await grants.run(day) {
            case .done(let grant): done.append(grant)
            case .notYet(let today):
                throw ProgramFailure(
                    .usage, "\(day) is still to come: it is \(today) by the database's clock")
            }
        }
        return done
    }

    @Sendable private static func day(_ text: String) throws -> CalendarDay {
        guard let day = CalendarDay(text) else {
            throw ValidationError("'\(text)' is no day; write it as YYYY-MM-DD")
        }
        return day
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
                "\(grant.day): \(grant.amount) credits each to \(grant.eligible) users\(capped)\n"
        }.joined()
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(grants.map(Row.init)), as: UTF8.self) + "\n"
    }

    private struct Row: Encodable {
        let day: String
        let amount: Int64
        let eligible: Int64
        let granted: Int64
        let capped: Int64

        init(_ grant: DailyGrant) {
            day = "\(grant.day)"
            (amount, eligible) = (grant.amount, grant.eligible)
            (granted, capped) = (grant.granted, grant.capped)
        }
    }
}
