import Postgres
import TestSupport
import Testing

@testable import Ledger

@Suite("The ledger is append-only")
struct AppendOnlyTests {
    /// What the tables' owner may try; each would rewrite an entry, or many.
    static let rewritings = [
        "UPDATE credit_transactions SET amount = 1", "DELETE FROM credit_transactions",
        "TRUNCATE credit_transactions", "TRUNCATE ONLY credit_transactions CASCADE",
        "TRUNCATE users, credit_transactions, credits",
        "UPDATE credit_transactions SET reason = NULL WHERE user_id = 1",
        "UPDATE credit_transactions SET amount = amount", "DELETE FROM ONLY credit_transactions",
        """
        INSERT INTO credit_transactions (user_id, transaction_id, kind, amount, balance_after)
        SELECT user_id, transaction_id, 'add', 1, 1 FROM credit_transactions
        ON CONFLICT (user_id, transaction_id) DO UPDATE SET amount = 1
        """,
        "WITH gone AS (DELETE FROM credit_transactions RETURNING *) SELECT count(*) FROM gone",
        "CREATE VIEW v AS SELECT * FROM credit_transactions; UPDATE v SET amount = 1",
        """
        MERGE INTO credit_transactions t USING users u ON u.user_id = t.user_id
        WHEN MATCHED THEN DELETE
        """,
        "DO $$ BEGIN DELETE FROM credit_transactions; END $$",
    ]

    @Test(
        "not its owner, a superuser, one who plays a replica, nor raw SQL can rewrite it",
        arguments: rewritings)
    func refusesRewriting(sql: String) async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(10), on: user)
            let before = try await ledger.entries(of: user)

            let refusals = [
                try await sqlState { try await ledger.execute(sql) },
                try await sqlState { try await ledger.database.administer(sql) },
                try await sqlState {
                    try await ledger.database.administer(
                        "SET session_replication_role = replica; " + sql)
                },
                try await sqlStateOfRawSQL(sql, in: ledger),
            ]

            #expect(refusals == ["23001", "23001", "23001", "23001"])
            #expect(try await ledger.entries(of: user) == before)
        }
    }

    @Test("entries outlive their user's row")
    func outlivesUser() async throws {
        try await withLedger { ledger in
            let user = try await ledger.newUser()
            _ = try await ledger.perform(add(10), on: user)
            try await ledger.execute("DELETE FROM users")
            #expect(try await ledger.entries(of: user).map(\.amount) == [10, -10])
            #expect(try await ledger.discrepancies() == [])
        }
    }

    /// The SQLSTATE with which PostgreSQL refused; nil where it did not.
    private func sqlState(_ body: () async throws -> Void) async throws -> String? {
        do {
            try await body()
            return nil
        } catch let error as DirectError {
            return error.sqlState
        }
    }

    private func sqlStateOfRawSQL(_ sql: String, in ledger: LedgerScene) async throws -> String? {
        let outcome = try await ledger.service.applySchemaChange(sql, requestID: "test")
        guard case .rejected(let rejection) = outcome else { return nil }
        return rejection.sqlState
    }
}
