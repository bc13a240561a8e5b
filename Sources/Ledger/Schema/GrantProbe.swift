import Postgres

extension ServiceProbe {
    /// Runs a day of a schedule that nobody has, for the probe's user: what the next midnight would
    /// do. Nobody waits for it, since its rows are its own.
    func exerciseGrant(
        to user: UserID, at moment: Timestamp, on connection: Connection
    ) async throws(PostgresError) -> [String] {
        let runs = GrantRunStore()
        // A day that begins when the user is there already.
        let today = CalendarDay(of: moment)
        let tomorrow = CalendarDay(daysSinceUnixEpoch: today.daysSinceUnixEpoch + 1)
        let occurrence = GrantOccurrence(schedule: "schema change", day: tomorrow)
        let begun = try await runs.begin(
            occurrence, amount: CreditAmount(1), by: .commandLine, isByHand: true, on: connection)
        guard let grant = begun else { return ["a day's grant did not begin"] }
        // The users before it are none of the probe's.
        _ = try await connection.run(
            """
            UPDATE daily_grants SET last_user_id = \(user.rawValue - 1)
            WHERE schedule = \(occurrence.schedule) AND day = \(tomorrow.postgres)
            """)
        let division = try await runs.divide(occurrence, size: 1, on: connection)
        let chunk = try await GrantStore().runChunk(of: grant, on: connection)
        _ = try await runs.divide(occurrence, size: 1, on: connection)
        let isFinished = try await runs.finish(occurrence, on: connection)
        let granted = try await runs.grant(occurrence, on: connection)?.granted
        guard case .granted(users: 1, _, locked: 0) = chunk, division == .divided, granted == 1,
            isFinished
        else {
            return ["a day's grant did not reach a user, or was not counted"]
        }
        return []
    }
}
