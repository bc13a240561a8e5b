import Postgres
import TestSupport
import Testing

@testable import Ledger

/// Whoever needs no key may ask them, as often as he likes.
struct `Questions that anybody can bring about` {
    @Test(arguments: [true, false])
    func `take one connection, however many ask at once`(isOfReadiness: Bool) async throws {
        try await withLedger(connections: 1) { ledger in
            let service = ledger.service
            let ask: @Sendable () async throws -> Bool = {
                guard isOfReadiness else { return try await !service.keys.askWhetherConfigured() }
                return await service.readiness().problems.isEmpty
            }
            let waiting: @Sendable () -> Int = {
                isOfReadiness
                    ? service.readinessLooks.waitingNow : service.keys.countings.waitingNow
            }
            try await withThrowingTaskGroup { group in
                try await ledger.pool.withConnection { (_: Connection) async throws -> Void in
                    // The first one waits for the connection, and all others for him.
                    group.addTask { try await ask() }
                    #expect(try await eventually { await ledger.pool.counts.waiting == 1 })
                    for _ in 1...19 { group.addTask { try await ask() } }
                    #expect(try await eventually { waiting() == 19 })
                    #expect(await ledger.pool.counts.waiting == 1)
                }
                for try await isAnswered in group { #expect(isAnswered) }
            }
        }
    }
}
