extension Connection {
    /// Runs `body` between BEGIN and COMMIT, on this connection's event loop. An error in `body`
    /// rolls everything back and is thrown on.
    ///
    /// - Parameter begin: another BEGIN, such as "BEGIN ISOLATION LEVEL SERIALIZABLE".
    /// - Throws: `PostgresError.outcomeUnknown` when COMMIT was sent and its answer never came;
    ///   `.rolledBack` when `body` overlooked an error and the server therefore rolled back.
    @discardableResult
    package func transaction<Value: Sendable>(
        begin: Statement = "BEGIN", deadline: Duration? = nil,
        _ body: @Sendable (isolated Connection) async throws -> Value
    ) async throws -> Value {
        guard !isInTransaction else {
            throw PostgresError.notSendable("a transaction is open on this connection already")
        }
        try await run(begin, deadline: deadline)
        let value: Value
        do {
            value = try await body(self)
        } catch {
            await rollBack()
            throw error
        }
        guard isInTransaction || !isUsable else {
            throw PostgresError.notSendable("the transaction's body ended the transaction itself")
        }
        // A cancelled task does not stop COMMIT: half-way is the one place where stopping is worse
        // than either end.
        _ = try await perform(.pipeline(["COMMIT"]), deadline: deadline, isStoppable: false)
        return value
    }

    /// A connection that cannot even roll back is closed, which rolls back too.
    private func rollBack() async {
        guard isUsable, isInTransaction else { return }
        do {
            _ = try await perform(.pipeline(["ROLLBACK"]), deadline: nil, isStoppable: false)
        } catch {
            close()
        }
    }
}
