import Postgres

/// Runs the service's own statements once, for a user of its own, and takes all of it back: what
/// they wrote must be there as it was written, and nothing else.
///
/// A statement that only prepares may still fail or do something else when it runs: a new column
/// without a default, a check, a rule, a trigger, a right that was revoked, row security. The
/// values go to their limits, so that a narrower check is met.
struct ServiceProbe: Sendable {
    private let write = WriteStore(lockWait: LedgerSettings().lockWait)
    private let delta = DeltaStore(lockWait: LedgerSettings().lockWait)
    private let directory: UserDirectory
    private let reads: ReadStore
    private let history: HistoryStore
    private let keys: KeyStore
    private let auditLog: AuditLog
    private let changes: SchemaStore

    /// - Parameter pool: of the stores, whose statements are run elsewhere.
    init(pool: ConnectionPool) {
        directory = UserDirectory(pool: pool, lockWait: write.lockWait)
        reads = ReadStore(pool: pool)
        history = HistoryStore(pool: pool)
        keys = KeyStore(pool: pool)
        auditLog = AuditLog(pool: pool)
        changes = SchemaStore(pool: pool)
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
            findings =
                try await exercise(user, in: tables, on: connection)
                + exerciseKeys(on: connection)
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
        let ids = try await connection.run(WriteStore.drawTransactionIDs(ProbeUser.entryCount))
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
        let (writes, reads) = (writes(of: probe), reads(of: probe))
        let results = try await connection.runPipeline(writes + reads)
        let last = probe.entries[probe.entries.count - 1]
        let ungranted = try await exerciseGrant(
            to: probe.user.id, at: last.createdAt, on: connection)
        let ends = try await connection.runPipeline(ends(of: probe))
        let balance = try results[writes.count].first?.decode(
            Int64.self, Int64.self, Timestamp.self)
        let stored = try results[writes.count + reads.count - 1].decodeEach(LedgerEntry.init)
        let effects = try SessionEffects(ends[ends.count - 1])
            .since(try SessionEffects(results[0]))
        return ungranted + probe.findings(balance: balance?.1, stored: stored)
            + probe.findings(effects: effects, in: tables)
    }

    private func writes(of probe: ProbeUser) -> [Statement] {
        let first = probe.entries[0]
        let last = probe.entries[probe.entries.count - 1]
        let id = probe.user.id
        return [
            SessionEffects.statement, write.lockBalances(of: [id]), write.findLocked([id]),
            write.findUsers([id]),
            write.insertEntries([first]), write.insertBalances([first]),
            delta.singleAddition(probe.deduction),
            // It is made by then: this one only finds how the balance stands.
            delta.addition(probe.deduction),
            write.insertEntries(Array(probe.entries.dropFirst(2))),
            write.updateBalances([last]),
        ] + EntryLookUps(probe.commands, suspects: [last]).statements
    }

    /// First the balance, and last the entries.
    private func reads(of probe: ProbeUser) -> [Statement] {
        let (all, any) = (0..<Int64.max, HistoryFilter())
        let (id, last) = (probe.user.id, probe.entries[probe.entries.count - 1])
        let keys = probe.entries.prefix(1).compactMap(\.idempotencyKey)
        return [
            reads.storedBalances(of: [id]), reads.otherBalances(of: [id]),
            TransactionOpening.settings,
            TransactionOpening.settings(lockWait: write.lockWait), delta.opening(1),
            delta.opening(DeltaStore.fewIDs + 1),
            DeltaStore.drawSettings, HistoryStore.user(id),
            HistoryStore.idDividing(id, at: last.createdAt), directory.selection(of: id),
            history.entries(of: id, in: all, any, limit: 50),
            HistoryStore.lastEntry(of: id, below: .max), directory.page(after: nil, limit: 1),
            UserDirectory.existence(of: id),
        ] + keys.map { history.entry(of: id, $0, in: all, any) } + [probe.storedEntries]
    }

    private func ends(of probe: ProbeUser) -> [Statement] {
        let (id, day) = (probe.user.id, CalendarDay(daysSinceUnixEpoch: 0))
        return GrantStore().probe(of: day, amount: 1, to: id) + [
            directory.closeBalance(of: id), directory.eraseUser(id, by: .commandLine),
            SessionEffects.statement,
        ]
    }

    private func exerciseKeys(on connection: Connection) async throws(PostgresError) -> [String] {
        let name = String(repeating: "k", count: NewAPIKey.nameLengths.upperBound)
        guard let key = NewAPIKey(name: name, scopes: Set(Scope.allCases)) else {
            preconditionFailure("the probe's key is no key")
        }
        let secret = KeySecret.random()
        let made = try await connection.run(keys.insertion(of: key, secret, by: .commandLine))
        guard let id = try made.first?["key_id", Int64.self] else { return ["a key was not made"] }
        let results = try await connection.runPipeline([
            keys.selection(of: [secret.hash]), keys.use(of: [id]), KeyStore.anyKey,
            keys.page(below: nil, limit: 1), KeyStore.lock(id),
            keys.revocation(of: id, by: .commandLine),
            keys.selection(of: [secret.hash]), auditLog.page(below: nil, limit: 1),
            changes.page(below: nil, limit: 1), SchemaStore.listing,
        ])
        let isLive = results[0].count == 1 && results[1].affectedRows == 1
        let isDead = results[5].count == 1 && results[6].isEmpty
        return isLive && isDead ? [] : ["a key was not made, used or revoked as it was meant"]
    }
}
