/// A database that is prepared once a process, and copied for each test that wants one like it:
/// PostgreSQL copies files sooner than it runs the statements that led to them.
package actor DatabaseTemplate {
    private let prepare: @Sendable (TestDatabase) async throws -> Void
    private var preparing: Task<String, any Error>?

    /// - Parameter prepare: leaves no connection open, since PostgreSQL copies no database that is
    ///   in use.
    package init(prepare: @escaping @Sendable (TestDatabase) async throws -> Void) {
        self.prepare = prepare
    }

    /// The name of the prepared database; whoever asks meanwhile waits for it.
    func name(in cluster: TestCluster) async throws -> String {
        let task =
            preparing
            ?? Task { [prepare] in
                let database = try await cluster.makeDatabase()
                try await prepare(database)
                return database.name
            }
        preparing = task
        return try await task.value
    }
}
