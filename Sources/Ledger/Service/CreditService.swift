package import Logging
package import Postgres

/// The service layer: every use of the database that the API and the commands have.
package final class CreditService: Sendable {
    let lanes: [WriteLane]
    let reads: Gatherer<UserID, Account?>
    let directory: UserDirectory
    let history: HistoryStore
    package let grants: DailyGrants
    package let counters = LedgerCounters()
    let gauges: (main: PoolGauge, schema: PoolGauge)
    let schemaChanger: SchemaChanger
    let schemaStore: SchemaStore
    let auditLog: AuditLog
    package let keys: KeyRing
    /// Anybody may ask, as often as he likes: those who do so at once share one look.
    let readinessLooks: Gatherer<Void, Readiness>

    /// - Parameters:
    ///   - pool: connections for writes, reads and users. It needs one for each lane and one for
    ///     each of its rounds, one for each round of reads, and one more.
    ///   - schemaPool: connections for raw SQL only; each is closed after its use.
    ///   - now: the clock by which what is known of keys grows old.
    ///   - executor: where the lanes gather: the loop that the connections live on.
    package init(
        pool: ConnectionPool, schemaPool: ConnectionPool, settings: LedgerSettings,
        schemaSettings: SchemaChangeSettings, executor: any SerialExecutor & TaskExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, logger: Logger
    ) {
        let counters = counters
        gauges = (pool.gauge, schemaPool.gauge)
        let writer = BatchWriter(
            pool: pool, settings: settings, counters: counters, logger: logger)
        lanes = (0..<settings.writeLanes).map { _ in
            WriteLane(writer: writer, settings: settings, on: executor, now: now)
        }
        let reader = ReadStore(pool: pool)
        reads = Gatherer(
            limits: .init(
                batch: settings.batchSize, queue: settings.queueDepth, rounds: settings.readRounds),
            on: executor
        ) {
            counters.readBatches.record($0.count)
            return await reader.accounts(of: $0)
        }
        directory = UserDirectory(pool: pool, lockWait: settings.lockWait)
        history = HistoryStore(pool: pool)
        grants = DailyGrants(
            pool: pool, settings: settings.grants, logger: logger, writes: counters.writeRounds)
        auditLog = AuditLog(pool: pool)
        keys = KeyRing(pool: pool, settings: settings, executor: executor, now: now)
        schemaChanger = SchemaChanger(
            pool: schemaPool, afterwards: pool, settings: schemaSettings, logger: logger)
        schemaStore = SchemaStore(pool: pool)
        let migrator = SchemaMigrator(pool: pool)
        readinessLooks = Gatherer(
            limits: .init(batch: settings.queueDepth, queue: settings.queueDepth, few: .max),
            on: executor
        ) { questions in
            let readiness = await Readiness(lookingWith: migrator)
            return questions.map { .success(readiness) }
        }
    }

    /// The balance now; nil for a user who does not exist. It counts every write that was
    /// acknowledged before the call, by any instance.
    package func account(of user: UserID) async throws(LedgerError) -> Account? {
        try await reads.perform(user)
    }

    /// The same without a task.
    package func account(
        of user: UserID, then receive: @escaping Receiver<Result<Account?, LedgerError>>
    ) {
        reads.submit(user, then: receive)
    }

    /// Judges a command and, where it is applied, makes it durable before it returns.
    package func perform(_ command: Command) async throws(LedgerError) -> Outcome {
        try await perform(WriteRequest(command)).only
    }

    /// The same for many commands, in one transaction.
    package func perform(_ request: WriteRequest) async throws(LedgerError) -> Decision {
        try await awaited { submit(request, then: $0) }.get()
    }

    /// The same without a task.
    ///
    /// A request goes to the lane of its first user, so that what a user does in order stays in
    /// order. One that moves other users' balances too may race with those users' own lanes, as it
    /// may with another instance: the row locks see to that, which every batch takes in the order
    /// of the ids.
    package func submit(
        _ request: WriteRequest, then receive: @escaping Receiver<Result<Decision, LedgerError>>
    ) {
        let lane = lanes[Int(request.commands[0].user.rawValue % Int64(lanes.count))]
        lane.submit(request) { [counters] result in
            counters.record(result, of: request)
            receive(result)
        }
    }

    /// nil where the e-mail is taken.
    package func createUser(_ user: NewUser) async throws(LedgerError) -> User? {
        do throws(PostgresError) {
            return try await directory.create(user)
        } catch {
            throw error.ledgerError
        }
    }

    package func user(_ id: UserID) async throws(LedgerError) -> User? {
        try await reportingReadErrors { () throws(PostgresError) in
            try await directory.user(id)
        }
    }

    /// At most `limit` users with ids above `after`, ascending.
    package func users(after: UserID?, limit: Int) async throws(LedgerError) -> [User] {
        try await reportingReadErrors { () throws(PostgresError) in
            try await directory.users(after: after, limit: limit)
        }
    }

    /// Whether requests can be served now, and if not, what is in the way.
    package func readiness() async -> Readiness {
        do {
            return try await readinessLooks.perform(())
        } catch {
            return .databaseAway
        }
    }
}

package struct Readiness: Hashable, Sendable {
    package let databaseReached: Bool
    package let schemaCurrent: Bool
    /// What is in the way, a sentence each; empty when all is well.
    package let problems: [String]

    fileprivate static let databaseAway = Readiness(
        databaseReached: false, schemaCurrent: false, problems: ["the database does not answer"])
}

extension Readiness {
    fileprivate init(lookingWith migrator: SchemaMigrator) async {
        do {
            let missing = try await migrator.missingParts()
            self.init(databaseReached: true, schemaCurrent: missing.isEmpty, problems: missing)
        } catch {
            self = .databaseAway
        }
    }
}

/// Runs a query that changes nothing and says its failure in the ledger's terms.
func reportingReadErrors<T>(
    _ query: () async throws(PostgresError) -> T
) async throws(LedgerError) -> T {
    do {
        return try await query()
    } catch {
        throw error.ledgerErrorOfRead
    }
}
