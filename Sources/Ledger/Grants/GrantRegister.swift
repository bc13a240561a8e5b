import Postgres

/// The SQL of what is due: every day of every schedule whose moment has come gets a row, once, with
/// the amount that stood in the schedule until then.
struct GrantRegister: Sendable {
    /// `daily` has its amount from the settings; nil turns it off.
    let dailyAmount: CreditAmount?
    let catchUp: GrantCatchUp

    /// Makes the rows that are missing, within a transaction of the caller's. Whoever comes second
    /// waits for the schedules' rows, and then finds the days.
    ///
    /// A day that was done by a clock that was ahead, which its moment or its end tells, is to be
    /// looked over when its moment comes: users were created since. (An end may be after `now`
    /// without that: it was read before somebody else's last look ended.)
    ///
    /// - Returns: the next moment of any schedule, where that is still today.
    func registerDueDays(
        at now: Timestamp, on connection: Connection
    ) async throws(PostgresError) -> Timestamp? {
        let results = try await connection.runPipeline([
            TransactionOpening.settings,
            """
            SELECT name, amount, cadence, weekday, day_of_month, active_from, active_to,
                (extract(epoch FROM time_utc) * 1000000)::bigint AS microseconds
            FROM grant_schedules ORDER BY name FOR UPDATE
            """,
            "SELECT (installed_at AT TIME ZONE 'UTC')::date + 1 FROM credits_schema",
            "SELECT schedule, day FROM daily_grants",
            Self.reopening(at: now),
        ])
        let first = try results[2].only.decode(CalendarDay.self)
        var known: Set<GrantOccurrence> = []
        for row in results[3] {
            let (schedule, day) = try row.decode(String.self, CalendarDay.self)
            known.insert(GrantOccurrence(schedule: schedule, day: day))
        }
        let schedules = try results[1].decodeEach { row throws(PostgresError) in
            try RecurringGrant(row)
        }
        for schedule in schedules where schedule.name != RecurringGrant.daily || dailyAmount != nil
        {
            let days = schedule.daysDue(from: first, at: now).filter {
                !known.contains(GrantOccurrence(schedule: schedule.name, day: $0))
            }
            guard !days.isEmpty else { continue }
            try await store(days, of: schedule, today: CalendarDay(of: now), on: connection)
        }
        return schedules.compactMap { $0.momentLaterToday(than: now) }.min()
    }

    static func reopening(at now: Timestamp) -> Statement {
        """
        UPDATE daily_grants g SET status = 'pending', finished_at = NULL
        WHERE status = 'done'
            AND greatest(\(unescaped: DailyGrant.dueAt), finished_at - interval '1 minute')
                > \(now.postgres)
        """
    }

    /// What is to be granted, oldest first. A day that a clock registered which was ahead then
    /// waits for its moment: users are still created before it.
    func pending(
        at now: Timestamp, on connection: Connection
    ) async throws(PostgresError) -> [GrantOccurrence] {
        let rows = try await connection.run(
            """
            SELECT schedule, day FROM daily_grants g
            WHERE status IN ('pending', 'running')
                AND \(unescaped: DailyGrant.dueAt) <= \(now.postgres)
            ORDER BY \(unescaped: DailyGrant.dueAt), schedule
            """)
        return try rows.decodeEach { row throws(PostgresError) in
            let (schedule, day) = try row.decode(String.self, CalendarDay.self)
            return GrantOccurrence(schedule: schedule, day: day)
        }
    }

    private func store(
        _ days: [CalendarDay], of schedule: RecurringGrant, today: CalendarDay,
        on connection: Connection
    ) async throws(PostgresError) {
        let statuses = days.map { day in
            // A time of 24:00 is the next day's midnight.
            let due = CalendarDay(of: schedule.moment(of: day))
            let status: DailyGrant.Status = catchUp.skips(due, today: today) ? .skipped : .pending
            return status.rawValue
        }
        let moments = days.map { schedule.moment(of: $0).postgres }
        _ = try await connection.run(
            """
            INSERT INTO daily_grants (schedule, day, amount, due_at, status)
            SELECT \(schedule.name), '1970-01-01'::date + day::integer, \(schedule.amount),
                due_at, status
            FROM unnest(\(days.map { Int64($0.daysSinceUnixEpoch) }), \(moments), \(statuses))
                AS due (day, due_at, status)
            ON CONFLICT (schedule, day) DO NOTHING
            """)
    }

    /// After the days that are due have their rows: one that was due before the setting was changed
    /// keeps the old amount, however late it is granted.
    func storeDailyAmount(on connection: Connection) async throws(PostgresError) {
        guard let dailyAmount else { return }
        _ = try await connection.run(
            """
            UPDATE grant_schedules SET amount = \(dailyAmount.rawValue)
            WHERE name = \(RecurringGrant.daily) AND amount <> \(dailyAmount.rawValue)
            """)
    }

    /// What an instance stored last.
    func storedDailyAmount(
        on connection: Connection
    ) async throws(PostgresError) -> CreditAmount? {
        let rows = try await connection.run(
            "SELECT amount FROM grant_schedules WHERE name = \(RecurringGrant.daily)")
        return try rows.first.flatMap { row throws(PostgresError) in
            CreditAmount(try row.decode(Int64.self))
        }
    }
}

extension RecurringGrant {
    /// The table's checks see to it that a week's or a month's day is there where it is needed.
    fileprivate init(_ row: Row) throws(PostgresError) {
        name = try row["name", String.self]
        amount = try row["amount", Int64.self]
        microsecondsAfterMidnight = try row["microseconds", Int64.self]
        activeFrom = try row["active_from", CalendarDay.self]
        activeTo = try row["active_to", CalendarDay?.self]
        switch try row["cadence", String.self] {
        case "weekly": cadence = .weekly(weekday: try row["weekday", Int32.self])
        case "monthly": cadence = .monthly(day: try row["day_of_month", Int32.self])
        default: cadence = .daily
        }
    }
}
