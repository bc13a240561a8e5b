import Postgres
import TestSupport
import Testing

@testable import Ledger

struct `The ids of users who were imported` {
    @Test func `are passed by, and nothing is taken back that somebody else has drawn`()
        async throws
    {
        try await withLedger { ledger in
            let directory = ledger.service.directory
            try await ledger.execute(
                "INSERT INTO users (user_id, email, name) VALUES (7, 'a@x', 'A')")
            try await directory.passImportedIDs()
            // For users who are just being made.
            try await ledger.execute("SELECT nextval('users_user_id_seq')")
            try await ledger.execute("SELECT nextval('users_user_id_seq')")

            try await directory.passImportedIDs()

            #expect(try await ledger.newUser() == userID(10))
        }
    }

    @Test func `stand in nobody's way, however many come at once`() async throws {
        try await withLedger { ledger in
            for round in 1...5 {
                try await ledger.execute(
                    """
                    INSERT INTO users (user_id, email, name)
                    SELECT id, id || '@\(round).example', 'A'
                    FROM (SELECT coalesce(max(user_id), 0) AS last FROM users) AS users,
                        generate_series(last + 1, last + 10) AS id
                    """)
                let made = try await concurrently(32) { _ in try await ledger.newUser() }
                #expect(Set(made).count == 32)
            }
        }
    }
}
