import Ledger
import Postgres

extension Settings {
    /// What each setting alone cannot know: whether they are safe and sound together.
    func check() throws(ProgramFailure) {
        try checkExposure()
        try checkConnections()
    }

    /// What is allowed, and yet not good.
    var warnings: [String] {
        guard let adminToken, adminToken.utf8.count < 16 else { return [] }
        return [
            "ADMIN_TOKEN is short enough to be guessed; `openssl rand -hex 32` makes a good one"
        ]
    }

    private func checkExposure() throws(ProgramFailure) {
        guard Exposure(host: host) == .network, adminToken == nil else { return }
        throw ProgramFailure(
            .configuration,
            """
            HOST is \(host), which others can reach, and ADMIN_TOKEN is not set: anybody could \
            change the database's schema.
            Set a token:               ADMIN_TOKEN=$(openssl rand -hex 32)
            or listen locally only:    HOST=127.0.0.1
            """)
    }

    private func checkConnections() throws(ProgramFailure) {
        // A connection for each writer, one for the reads, and one for everything else.
        let needed = ledger.writeLanes + 2
        guard pool.size < needed else { return }
        throw ProgramFailure(
            .configuration,
            "DATABASE_POOL_SIZE is \(pool.size), and LEDGER_WRITE_LANES=\(ledger.writeLanes) needs "
                + "at least \(needed)")
    }
}
