import Postgres

/// An acknowledged change is on disk. A database or role may be set to `synchronous_commit = off`,
/// where COMMIT is answered before that; the service's own transactions then say otherwise.
enum Durability {
    /// For the beginning of a transaction. Anything stronger than `off` stays as it is set, and the
    /// setting ends with the transaction, so that it reaches nobody through a connection pooler.
    static let ensured: Statement = """
        SELECT set_config('synchronous_commit', 'on', true)
        WHERE current_setting('synchronous_commit') = 'off'
        """
}
