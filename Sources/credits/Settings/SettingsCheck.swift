import HTTP
import HTTPServer
import Ledger
import Postgres

extension Settings {
    /// What each setting alone cannot know: whether they are safe and sound together.
    func check() throws(ProgramFailure) {
        try checkConnections()
    }

    /// What is allowed, and yet not good.
    var warnings: [String] {
        var warnings: [String] = []
        if let adminToken, adminToken.utf8.count < 16 {
            warnings.append(
                "ADMIN_TOKEN is short enough to be guessed; `openssl rand -hex 32` makes a good one"
            )
        }
        if server.message.bodyBytes <= schemaChanges.sqlBytes {
            warnings.append(
                "SQL of SCHEMA_MAX_SQL_SIZE does not fit into a body of HTTP_MAX_BODY_SIZE, which "
                    + "refuses it first; twice as much has room for what JSON adds")
        }
        if let deadline = pool.statementDeadline, deadline <= ledger.lockWait {
            warnings.append(
                "LEDGER_LOCK_WAIT is not below DATABASE_STATEMENT_DEADLINE: a row that somebody "
                    + "keeps locked will fail the writes of others, too")
        }
        return warnings
    }

    /// Where others can reach the server there must be a key. Whether the database has one is known
    /// only once it is open.
    func checkExposure(hasKeys: Bool) throws(ProgramFailure) {
        guard Exposure(host: host) == .network, !hasKeys else { return }
        throw ProgramFailure(
            .configuration,
            """
            HOST is \(host), which others can reach, and there is no key: ADMIN_TOKEN is not set, \
            and the database has none. Anybody could change balances and the database's schema.
            Set a token:               ADMIN_TOKEN=$(openssl rand -hex 32)
            or make a key:             credits migrate && credits keys create --name first --all
            or listen locally only:    HOST=127.0.0.1
            """)
    }

    private func checkConnections() throws(ProgramFailure) {
        // Each writer's by difference and by locks, those of the reads, and one for all else.
        let needed = (ledger.writeRounds + 1) * ledger.writeLanes + ledger.readRounds + 1
        guard pool.size < needed else { return }
        throw ProgramFailure(
            .configuration,
            """
            DATABASE_POOL_SIZE is \(pool.size), and LEDGER_WRITE_LANES=\(ledger.writeLanes) with \
            LEDGER_WRITE_ROUNDS=\(ledger.writeRounds) and LEDGER_READ_ROUNDS=\(ledger.readRounds) \
            needs at least \(needed)
            """)
    }
}
