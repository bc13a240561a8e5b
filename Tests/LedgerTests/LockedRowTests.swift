import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Somebody keeps a user's row locked, as an open transaction in psql does.
@Suite("Rows that somebody else has locked")
struct LockedRowTests {
    @Test func `only those who need the row wait for it, and they are written when it is free`()
        async throws
    {
        try await withLedger(settings(patience: .seconds(60)), connections: 6) { ledger in
            let (locked, others) = try await fill(ledger)
            let waiting = try await ledger.whileLocked(locked) {
                let waiting = [
                    start(add(7), on: locked, ledger), start(add(8), on: locked, ledger),
                    start(transfer(1, to: locked), on: others[0], ledger),
                ]
                for turn in 1...20 {
                    for user in others {
                        let receipt = try await ledger.perform(add(1), on: user)
                        #expect(receipt.credits == Int64(100 + turn))
                    }
                }
                return waiting
            }
            for task in waiting { #expect(try await task.value.receipt != nil) }
            #expect(try await ledger.service.account(of: locked)?.credits == 116)
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `a batch is written without those that need the row, in the order that it had`()
        async throws
    {
        try await withLedger(settings(patience: .milliseconds(20))) { ledger in
            let (locked, others) = try await fill(ledger)
            let writer = ledger.writer(settings(patience: .milliseconds(20)))
            let requests = [
                request(add(1), others[0]), request(add(1), locked),
                request(deduct(101), others[0]),
                request(transfer(1, to: locked), others[1]), request(add(1), others[2]),
            ]
            let results = try await ledger.whileLocked(locked) { await writer.write(requests) }

            let credits = try results.map { try $0.get()?.only.receipt?.credits }
            #expect(credits == [101, nil, 0, nil, 101])
            #expect(await writer.lockedUsers.concern(requests[3]))
            #expect(await !writer.lockedUsers.concern(requests[0]))
            #expect(try await ledger.discrepancies() == [])
        }
    }

    @Test func `whoever waits too long is told to come again, and nothing was changed`()
        async throws
    {
        try await withLedger(settings(patience: .milliseconds(20))) { ledger in
            let (locked, _) = try await fill(ledger)
            try await ledger.whileLocked(locked) {
                for _ in 1...3 {
                    await #expect(throws: LedgerError.unavailable) {
                        try await ledger.perform(add(1), on: locked)
                    }
                }
            }
            for expected in [Int64(101), 102] {
                #expect(try await ledger.perform(add(1), on: locked).credits == expected)
            }
            #expect(try await ledger.entries(of: locked).map(\.amount) == [100, 1, 1])
        }
    }

    @Test func `a lock of the whole table is waited for as long as one of a row`() async throws {
        var settings = settings(patience: .milliseconds(20))
        settings.attempts = 2
        try await withLedger(settings) { ledger in
            let (user, _) = try await fill(ledger)
            let began = ContinuousClock.now
            try await ledger.pool.withTransaction { connection in
                try await connection.run("LOCK TABLE credits")
                await #expect(throws: LedgerError.unavailable) {
                    try await ledger.perform(add(1), on: user)
                }
            }
            #expect(ContinuousClock.now - began < patience / 2)
            #expect(try await ledger.perform(add(1), on: user).credits == 101)
        }
    }

    /// Whoever waits has a connection that all others need.
    @Test func `keeps nobody waiting who deletes the user`() async throws {
        try await withLedger(settings(patience: .seconds(1))) { ledger in
            let (locked, _) = try await fill(ledger)
            let began = ContinuousClock.now
            try await ledger.whileLocked(locked) {
                await #expect(throws: LedgerError.unavailable) {
                    try await ledger.service.deleteUser(locked)
                }
            }
            #expect(ContinuousClock.now - began < patience / 2)
            #expect(try await ledger.service.deleteUser(locked))
        }
    }

    private func settings(patience: Duration) -> LedgerSettings {
        var settings = LedgerSettings()
        // The lane's own transactions are waited for as well, on a busy machine too.
        settings.lockWait = .milliseconds(250)
        settings.lockPatience = patience
        return settings
    }

    /// A user in the middle of the others' ids, and those.
    private func fill(_ ledger: LedgerScene) async throws -> (locked: UserID, others: [UserID]) {
        var users: [UserID] = []
        for _ in 1...4 {
            users.append(try await ledger.newUser())
            _ = try await ledger.perform(add(100), on: users[users.count - 1])
        }
        return (users.remove(at: 1), users)
    }

    private func request(_ change: Change, _ user: UserID) -> WriteRequest {
        WriteRequest(Command(user: user, change: change))
    }

    private func start(
        _ change: Change, on user: UserID, _ ledger: LedgerScene
    ) -> Task<Outcome, any Error> {
        Task { try await ledger.service.perform(Command(user: user, change: change)) }
    }
}

extension LedgerScene {
    fileprivate func writer(_ settings: LedgerSettings) -> BatchWriter {
        BatchWriter(
            pool: pool, settings: settings, counters: LedgerCounters(), logger: quietLogger)
    }

    /// Runs `body` while another session has the user's row locked.
    @discardableResult
    fileprivate func whileLocked<Value: Sendable>(
        _ user: UserID, _ body: @Sendable () async throws -> Value
    ) async throws -> Value {
        try await pool.withTransaction { connection in
            try await connection.run(
                "SELECT FROM credits WHERE user_id = \(user.rawValue) FOR UPDATE")
            return try await body()
        }
    }
}
