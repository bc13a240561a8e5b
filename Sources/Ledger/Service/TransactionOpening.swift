import Postgres

/// How every writing transaction of the service begins, whatever the database or the role is set
/// to.
///
/// - READ COMMITTED: each statement sees what was committed before it began, so balances are read
///   as they are once their rows are locked. A stricter default would turn each wait into a retry.
/// - Synchronous: an acknowledged change is on disk. Where `synchronous_commit` is off, COMMIT
///   would be answered before that; anything stronger stays as it is set.
/// - No lock is left behind by a machine that vanished: the server ends a transaction that is idle
///   for 5 s. Ours are idle only for as long as the rules decide; and who looks for the outcome of
///   a lost commit waits for its locks, for longer than this (`outcomeDeadline`).
/// - Planned once: left alone, PostgreSQL takes an array of few elements for worth a plan of its
///   own, and plans it anew each time, at several times the cost of running it.
///
/// The settings end with the transaction, so that they reach nobody through a connection pooler.
enum TransactionOpening {
    static let begin: Statement = "BEGIN ISOLATION LEVEL READ COMMITTED"

    /// For the first round trip after `begin`, and once more after SQL that may have undone it.
    static let settings: Statement = "SELECT \(unescaped: list)"

    /// The same, where no statement waits for a lock longer than this.
    static func settings(lockWait: Duration) -> Statement {
        """
        SELECT set_config('lock_timeout', \(lockWait.lockTimeout), true), \(unescaped: list)
        """
    }

    private static let list = """
        set_config('idle_in_transaction_session_timeout', '5s', true),
        set_config('plan_cache_mode', 'force_generic_plan', true),
        CASE WHEN current_setting('synchronous_commit') = 'off'
            THEN set_config('synchronous_commit', 'on', true) END
        """
}

extension Duration {
    /// As PostgreSQL's setting `lock_timeout` has it, where 0 would wait for ever.
    var lockTimeout: String { "\(max(1, Int64(self / .milliseconds(1))))ms" }
}
