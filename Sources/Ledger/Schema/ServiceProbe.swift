import Postgres

/// Runs the service's own statements once, for a user of its own, and takes all of it back: what
/// they wrote must be there as it was written, and nothing else.
///
/// A statement that only prepares may still fail or do something else when it runs: a new column
/// without a default, a check, a rule, a trigger, a right that was revoked, row security. The
/// values go to their limits, so that a narrower check is met.
struct ServiceProbe: Sendable {
    private let write = WriteStore()
    private let directory: UserDirectory
    private let reads: ReadStore
    private let history: HistoryStore

    /// - Parameter pool: of the stores, whose statements are run elsewhere.
    init(pool: ConnectionPool) {
        directory = UserDirectory(pool: pool)
        reads = ReadStore(pool: pool)
        history = HistoryStore(pool: pool)
    }

    /// What did not go as it should, a phrase each.
    ///
    /// - Throws: what says nothing of the schema, such as a lock that was not to be had.
    func findings(
        in tables: ServiceTables, on connection: Connection
    ) async throws(PostgresError) -> [String] {
        _ = try await connection.run("SAVEPOINT probe")
        let findings: [String]
        do throws(PostgresError) {
            let user = try await makeUser(on: connection)
            findings = try await exercise(user, in: tables, on: connection)
        } catch {
            guard let finding = Self.finding(in: error) else { throw error }
            findings = [finding]
        }
        try await connection.runPipeline(["ROLLBACK TO SAVEPOINT probe", "RELEASE probe"])
        return findings
    }

    /// nil for what says nothing of the schema, such as a lock that was not to be had.
    private static func finding(in error: PostgresError) -> String? {
        switch error {
        case .server(let message)
        where !message.leavesOutcomeOpen && !message.sqlState.isTransient
            && !["55", "57"].contains(message.sqlState.conditionClass):
            "\(message.message) (SQLSTATE \(message.sqlState))"
        case .cannotDecode(let failure): "an answer could not be read: \(failure)"
        default: nil
        }
    }

    // MARK: Steps

    private func makeUser(on connection: Connection) async throws(PostgresError) -> ProbeUser {
        let ids = try await connection.run(write.drawTransactionIDs(ProbeUser.entryCount))
        let draft = try ProbeUser.Draft(ids)
        do throws(PostgresError) {
            return try ProbeUser(
                draft, user: try await connection.run(directory.insertion(of: draft.user)))
        } catch {
            guard case .server(let message) = error, message.sqlState == .uniqueViolation else {
                throw error
            }
            // Users were imported with their ids: a number above them, as the service would take.
            let results = try await connection.runPipeline([
                "ROLLBACK TO SAVEPOINT probe",
                """
                INSERT INTO users (user_id, email, name)
                SELECT max(user_id) + 1, \(draft.user.email), \(draft.user.name) FROM users
                RETURNING user_id, email, name, created_at
                """,
            ])
            return try ProbeUser(draft, user: results[1])
        }
    }

    private func exercise(
        _ probe: ProbeUser, in tables: ServiceTables, on connection: Connection
    ) async throws(PostgresError) -> [String] {
        let id = probe.user.id
        let (first, last) = (probe.entries[0], probe.entries[probe.entries.count - 1])
        let day = CalendarDay(daysSinceUnixEpoch: 0)
        let writes: [Statement] =
            [
                SessionEffects.statement, write.lockBalances(of: [id]), write.findUsers([id]),
                write.insertEntries([first]), write.insertBalances([first]),
                write.insertEntries(Array(probe.entries.dropFirst())),
                write.updateBalances([last]),
            ] + EntryLookUps(probe.commands, suspects: [last]).statements
        let looks: [Statement] = [
            reads.balances(of: [id]), HistoryStore.user(id),
            HistoryStore.idDividing(id, at: last.createdAt), directory.selection(of: id),
            history.entries(of: id, in: 0..<Int64.max, HistoryFilter(), limit: 50),
            directory.page(after: nil, limit: 1), probe.storedEntries,
        ]
        let ends =
            GrantStore().probe(of: day, amount: 1, to: id)
            + [
                directory.closeBalance(of: id), directory.eraseUser(id, by: .commandLine),
                SessionEffects.statement,
            ]
        let results = try await connection.runPipeline(writes + looks + ends)
        let balance = try results[writes.count].first?.decode(
            Int64.self, Int64.self, Timestamp.self)
        let stored = try results[writes.count + looks.count - 1].decodeEach(LedgerEntry.init)
        let effects = try SessionEffects(results[results.count - 1])
            .since(try SessionEffects(results[0]))
        return probe.findings(balance: balance?.1, stored: stored)
            + probe.findings(effects: effects, in: tables)
    }
}
