package import Logging
package import Postgres

/// The grants: every user who existed at a day's moment, once.
///
/// Theory of operation: a day of a schedule is a row in `daily_grants`; whoever asks first makes
/// the rows of all days that are due. The users of a running day are divided, a few chunks at a
/// time, into rows of `grant_chunks`: ranges of ids. Any instance takes the next one that nobody
/// else holds (SKIP LOCKED) and grants it in one short transaction, which locks the balances,
/// writes them and their entries, and marks the chunk. Whoever dies gives its chunk back by that
/// alone. When no chunk is left, users are held against entries once more: one whose INSERT was
/// committed behind the division's back is granted then, and the day is done.
///
/// That a user is granted once is in the data itself: entries are unique by user, schedule and day.
/// The database's clock decides the day. A user whose INSERT began before the day's moment is
/// waited for until it is committed, for some seconds; after that, the day has to be run again.
///
/// A balance that another session keeps locked is passed by, and its user is left to the last look:
/// the day is not done before, and is tried again.
package struct DailyGrants: Sendable {
    package struct Settings: Sendable {
        /// Credits for each user and day of the schedule `daily`; nil turns it off.
        package var amount: CreditAmount?
        /// Nobody has chosen `amount`, and so nobody has said that there is a daily grant: none of
        /// its days is begun but by hand, with the amount that stands in the schedule.
        package var isAmountDefault = false
        /// Users a transaction at most; fewer where they would keep writes waiting.
        package var chunkSize = 2_000
        package var catchUp = GrantCatchUp.all

        package init(amount: CreditAmount?) {
            self.amount = amount
        }
    }

    let pool: ConnectionPool
    let settings: Settings
    let logger: Logger
    /// Those of this process's clients, whom a grant leaves room.
    let writes: RoundTimes
    /// The database's; tests put one of their own here.
    var clock: @Sendable (Connection) async throws(PostgresError) -> Timestamp = Self.databaseClock
    let runs = GrantRunStore()
    let store = GrantStore()
    let calendar = GrantCalendarStore()

    package init(
        pool: ConnectionPool, settings: Settings, logger: Logger, writes: RoundTimes = RoundTimes()
    ) {
        self.pool = pool
        self.settings = settings
        self.logger = logger
        self.writes = writes
    }

    /// Today by the database's clock, in UTC.
    package func today() async throws(LedgerError) -> CalendarDay {
        CalendarDay(of: try await now())
    }

    /// The database's day, and when to ask again before the next.
    package struct CaughtUp: Hashable, Sendable {
        package let day: CalendarDay
        /// The next moment of a schedule that is still today.
        package let next: Timestamp?

        package init(day: CalendarDay, next: Timestamp?) {
            self.day = day
            self.next = next
        }
    }

    /// Grants every day of every schedule that is due, oldest first.
    ///
    /// The clock is read first: should midnight pass in between, the next wake asks again.
    ///
    /// - Throws: `unavailable` also where somebody's balance stays locked by another session, and
    ///   `forbidden` where a rule of the database's owner is against a schedule; the other days are
    ///   granted then.
    /// - Parameters:
    ///   - progress: called after each chunk of this instance.
    ///   - done: called after each day.
    package func catchUp(
        actor: ActorName? = nil, progress: @Sendable (DailyGrant) -> Void = { _ in },
        done: @Sendable (DailyGrant) -> Void = { _ in }
    ) async throws(LedgerError) -> CaughtUp {
        let now = try await now()
        let (due, next) = try await dueOccurrences(at: now)
        var obstacle: LedgerError?
        for occurrence in due {
            do throws(LedgerError) {
                let run = try await run(
                    occurrence, amount: nil, by: Origin(actor: actor), progress)
                guard let run else { continue }
                if run.reachedEverybody { done(run.grant) } else { obstacle = .unavailable }
            } catch {
                guard case .forbidden = error else { throw error }
                obstacle = error
            }
        }
        if let obstacle { throw obstacle }
        return CaughtUp(day: CalendarDay(of: now), next: next)
    }

    /// Grants a day of the schedule `daily`, or what is left of it. A day that is done is looked
    /// over: whoever is missing is granted, and everybody else stays as they are. One that was due
    /// before has the amount that was in force then, whatever the settings say now.
    ///
    /// - Parameters:
    ///   - origin: who wants it; the audit log tells of it.
    ///   - progress: called after each chunk of this instance.
    /// - Throws: `unavailable` also where somebody's balance stays locked by another session.
    package func run(
        _ day: CalendarDay, by origin: Origin = Origin(actor: nil),
        progress: @Sendable (DailyGrant) -> Void = { _ in }
    ) async throws(LedgerError) -> GrantOutcome {
        let now = try await now()
        let today = CalendarDay(of: now)
        guard day <= today else { return .notYet(today: today) }
        let amount = try await transaction { connection throws(PostgresError) in
            _ = try await register.registerDueDays(at: now, on: connection)
            return try await settings.isAmountDefault
                ? register.storedDailyAmount(on: connection) : settings.amount
        }
        let occurrence = GrantOccurrence(schedule: RecurringGrant.daily, day: day)
        let run = try await run(occurrence, amount: amount, by: origin, isByHand: true, progress)
        guard let run else { return .turnedOff }
        guard run.reachedEverybody else { throw .unavailable }
        return .done(run.grant)
    }

    private var register: GrantRegister {
        GrantRegister(
            dailyAmount: settings.isAmountDefault ? nil : settings.amount,
            catchUp: settings.catchUp)
    }

    private func dueOccurrences(
        at now: Timestamp
    ) async throws(LedgerError) -> (due: [GrantOccurrence], next: Timestamp?) {
        try await transaction { connection throws(PostgresError) in
            let next = try await register.registerDueDays(at: now, on: connection)
            try await register.storeDailyAmount(on: connection)
            return (try await register.pending(at: now, on: connection), next)
        }
    }

    func now() async throws(LedgerError) -> Timestamp {
        try await retrying { () throws(PostgresError) in
            try await pool.use { connection throws(PostgresError) in try await clock(connection) }
        }
    }

    private static let databaseClock:
        @Sendable (Connection) async throws(PostgresError) -> Timestamp = {
            connection throws(PostgresError) in
            try await connection.run("SELECT now()").only.decode(Timestamp.self)
        }
}
