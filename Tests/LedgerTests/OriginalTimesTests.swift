import Postgres
import TestSupport
import Testing

@testable import Ledger

struct `Times of the original's tables` {
    /// It wrote local times where its database had a zone of its own.
    @Test func `that are still to come become now, and hold up no later one`() async throws {
        try await withBareDatabase { ledger, migrator in
            try await ledger.makeOriginalTables()
            try await ledger.execute(
                "UPDATE credits SET last_updated = now() + interval '2 hours'")

            try await migrator.apply()

            let moment = try await ledger.perform(add(1), on: userID(1)).lastUpdated
            let opening = try #require(try await ledger.entries(of: userID(1)).first)
            #expect(opening.createdAt < moment)
            let past = try await ledger.service.balance(of: userID(1), at: moment)
            let expected = Account(
                user: userID(1), credits: 2_000_000_001, lastUpdated: moment)
            #expect(past == .known(expected))
        }
    }
}
