import Logging
import Postgres
import Reactor
import TestSupport
import Testing

@testable import Ledger

/// A fresh database with the tables of schema.sql, and a service on it.
struct LedgerScene: Sendable {
    let database: TestDatabase
    let loop: EventLoop
    let pool: ConnectionPool
    let service: CreditService
    private let settings: LedgerSettings

    init(
        database: TestDatabase, loop: EventLoop, settings: LedgerSettings = .patient,
        schemaSettings: SchemaChangeSettings = .patient, connections: Int = 4
    ) {
        self.database = database
        self.loop = loop
        self.settings = settings
        pool = Self.pool(of: connections, on: database.address, loop: loop)
        service = CreditService(
            pool: pool, schemaPool: Self.pool(of: 1, on: database.address, loop: loop),
            settings: settings, schemaSettings: schemaSettings, executor: loop,
            logger: quietLogger)
    }

    /// What a pooler does that hands server connections around: on all of them, each borrowed while
    /// the others are.
    func forgetPreparedStatements() async throws {
        try await forgetPreparedStatements(onConnections: await pool.counts.idle)
    }

    private func forgetPreparedStatements(onConnections count: Int) async throws {
        guard count > 0 else { return }
        try await pool.withConnection { connection in
            try await connection.runScript("DEALLOCATE ALL")
            try await forgetPreparedStatements(onConnections: count - 1)
        }
    }

    /// A second service with connections of its own, as another process would have.
    func anotherInstance() -> CreditService {
        LedgerScene(database: database, loop: loop, settings: settings).service
    }

    func newUser() async throws -> UserID {
        let email = "user-\(UInt64.random(in: .min ... .max))@example.com"
        let user = try #require(NewUser(email: email, name: "Test"))
        return try #require(try await service.createUser(user)).id
    }

    /// The receipt of a command that must be applied.
    func perform(_ change: Change, on user: UserID) async throws -> Receipt {
        let outcome = try await service.perform(Command(user: user, change: change))
        guard case .applied(let receipt) = outcome else { throw NotApplied(outcome: outcome) }
        return receipt
    }

    struct NotApplied: Error {
        let outcome: Outcome
    }

    /// A user's ledger, oldest first.
    func entries(of user: UserID) async throws -> [LedgerEntry] {
        let rows = try await pool.run(
            """
            SELECT \(unescaped: LedgerEntry.columns) FROM credit_transactions t
            WHERE user_id = \(user.rawValue) ORDER BY transaction_id
            """)
        return try rows.map { try LedgerEntry($0) }
    }

    /// Users whose entries do not chain, or do not add up to the balance.
    func discrepancies() async throws -> [Int64] {
        let rows = try await pool.run(
            """
            WITH chained AS (
                SELECT user_id, transaction_id, amount, balance_after,
                    balance_after - amount
                        = coalesce(lag(balance_after) OVER entry, 0) AS follows,
                    created_at >= coalesce(lag(created_at) OVER entry, created_at) AS is_later
                FROM credit_transactions
                WINDOW entry AS (PARTITION BY user_id ORDER BY transaction_id)
            ), summed AS (
                SELECT user_id, sum(amount) AS total, bool_and(follows AND is_later) AS chains,
                    max(transaction_id) AS last_id
                FROM chained GROUP BY user_id
            )
            SELECT coalesce(s.user_id, c.user_id) FROM summed s FULL JOIN credits c USING (user_id)
            WHERE coalesce(s.total, 0) <> coalesce(c.credits, 0) OR NOT coalesce(s.chains, true)
                OR (c.user_id IS NOT NULL AND s.last_id IS DISTINCT FROM c.last_transaction_id)
            """)
        return try rows.map { try $0.decode(Int64.self) }
    }

    func count(_ query: Statement) async throws -> Int64 {
        try #require(try await pool.run(query).first).decode(Int64.self)
    }

    private static func pool(
        of size: Int, on address: DatabaseAddress, loop: EventLoop
    ) -> ConnectionPool {
        ConnectionPool(
            address: address, settings: .patient(size: size), loop: loop, logger: quietLogger)
    }
}

extension LedgerSettings {
    static var patient: LedgerSettings {
        var settings = LedgerSettings()
        settings.outcomeDeadline = patience
        return settings
    }
}

extension SchemaChangeSettings {
    static var patient: SchemaChangeSettings {
        var settings = SchemaChangeSettings()
        settings.lockTimeout = patience
        settings.statementTimeout = patience
        return settings
    }
}

/// What a test provokes is no news for its reader.
let quietLogger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

func withLedger(
    _ settings: LedgerSettings = .patient,
    schemaSettings: SchemaChangeSettings = .patient, connections: Int = 4,
    _ body: (LedgerScene) async throws -> Void
) async throws {
    try await withTestDatabase(copyOf: .migrated) { (database: TestDatabase) in
        try await withEventLoop { loop in
            let ledger = LedgerScene(
                database: database, loop: loop, settings: settings, schemaSettings: schemaSettings,
                connections: connections)
            try await body(ledger)
        }
    }
}

extension DatabaseTemplate {
    /// With the tables of schema.sql.
    static let migrated = DatabaseTemplate { database in
        try await withEventLoop { loop in
            let pool = ConnectionPool(
                address: database.address, settings: .patient(size: 1), loop: loop,
                logger: quietLogger)
            try await SchemaMigrator(pool: pool).apply()
            await pool.shutdown()
        }
    }
}

/// Runs a task for each index, all at once, and returns their results in no particular order.
func concurrently<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Result
) async throws -> [Result] {
    try await withThrowingTaskGroup { group in
        for index in 0..<count { group.addTask { try await body(index) } }
        return try await group.reduce(into: []) { $0.append($1) }
    }
}
