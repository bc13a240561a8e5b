import Logging
import Postgres

/// An attempt from its BEGIN to its COMMIT or ROLLBACK.
struct SchemaTransaction: Sendable {
    enum Ending: Sendable {
        case known(SchemaChangeOutcome)
        /// COMMIT was sent, and its answer never came.
        case unanswered(SchemaChange)
    }

    let attempt: SchemaAttempt
    let started: ContinuousClock.Instant
    let logger: Logger

    /// - Parameter opening: what there was before the SQL, where it came so far.
    func perform(
        _ opening: inout SchemaAttempt.Opening?
    ) async -> Result<Ending, PostgresError> {
        do throws(PostgresError) {
            let begun = try await attempt.open()
            opening = begun
            let plan = try await attempt.run(from: begun)
            guard let outcome = outcome(refusing: plan) else {
                return try await commit(plan, into: begun.tables)
            }
            try await takeBack()
            return .success(.known(outcome))
        } catch {
            guard let outcome = SchemaChangeOutcome(refusedWith: error, of: opening?.script) else {
                return .failure(error)
            }
            do throws(PostgresError) {
                try await takeBack()
            } catch {
                // The refusal is the news; the session is closed, which rolls back too.
                logger.warning("schema change not taken back", metadata: ["error": "\(error)"])
            }
            return .success(.known(outcome))
        }
    }

    /// nil where the change is to be committed.
    private func outcome(refusing plan: SchemaPlan) -> SchemaChangeOutcome? {
        if attempt.request.isDryRun { return .planned(plan) }
        if let breach = plan.breach { return .breached(plan, breach) }
        if let expected = attempt.request.expectedPlan, expected != plan.hash {
            return .planDiffers(plan)
        }
        return nil
    }

    private func commit(
        _ plan: SchemaPlan, into tables: SchemaRecord.Tables
    ) async throws(PostgresError) -> Result<Ending, PostgresError> {
        let record = SchemaRecord(
            request: attempt.request, outcome: "applied", elapsed: .now - started, plan: plan)
        let rows = try await attempt.connection.run(record.insertion(into: tables))
        guard let row = rows.first else {
            try await takeBack()
            let unrecorded = GuardVerdict(name: .record, saw: ["schema_changes took no record"])
            return .success(.known(.breached(plan, unrecorded)))
        }
        let (id, appliedAt, milliseconds) = try row.decode(
            Int64.self, Timestamp.self, Double.self)
        let change = SchemaChange(
            id: id, appliedAt: appliedAt, durationMilliseconds: milliseconds, plan: plan)
        do throws(PostgresError) {
            _ = try await attempt.connection.run("COMMIT")
        } catch {
            if case .server(let message) = error, !message.leavesOutcomeOpen { throw error }
            return .success(.unanswered(change))
        }
        return .success(.known(.applied(change)))
    }

    private func takeBack() async throws(PostgresError) {
        try await attempt.connection.run("ROLLBACK")
    }
}

extension SchemaChangeOutcome {
    /// nil where the failure says nothing of the SQL.
    fileprivate init?(refusedWith error: PostgresError, of script: SchemaScript?) {
        guard case .server(let message) = error, !message.leavesOutcomeOpen else { return nil }
        let rejection = SchemaRejection(
            message: message.message, sqlState: message.sqlState.rawValue,
            position: script?.place(of: message), detail: message.detail, hint: message.hint)
        switch message.sqlState {
        case .lockNotAvailable where message.statementIndex == SchemaAttempt.turn: self = .busy
        // A deadlock with traffic is a lock that was not to be had, too.
        case .lockNotAvailable, .deadlockDetected: self = .lockNotAvailable(rejection)
        default: self = .rejected(rejection)
        }
    }

    /// Whether the same change may find its locks free a moment later.
    var isWorthRetrying: Bool {
        switch self {
        case .lockNotAvailable, .busy: true
        case .applied, .planned, .rejected, .breached, .planDiffers, .tooLarge: false
        }
    }
}
