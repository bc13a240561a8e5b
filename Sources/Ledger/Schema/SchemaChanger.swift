import Logging
import Postgres

/// Runs raw SQL from a client as one transaction, all or nothing, and keeps what became of it.
///
/// Theory of operation: an attempt runs the SQL and judges it (see `SchemaAttempt`). What passes is
/// recorded in `schema_changes` and committed together with its record; anything else is rolled
/// back first, and its refusal recorded in a transaction of its own. The connection is closed in
/// either case: what the SQL left in its session reaches nobody. Where a COMMIT was never answered,
/// the record tells whether it happened.
struct SchemaChanger: Sendable {
    /// Has one connection, and others may stand in its line.
    let pool: ConnectionPool
    /// For what follows an attempt.
    let afterwards: ConnectionPool
    let settings: SchemaChangeSettings
    let logger: Logger

    func change(
        _ request: SchemaChangeRequest
    ) async throws(LedgerError) -> SchemaChangeOutcome {
        guard request.sql.utf8.count <= settings.sqlBytes else {
            return .tooLarge(limit: settings.sqlBytes)
        }
        let started = ContinuousClock.now
        do throws(PostgresError) {
            let outcome = try await attemptWithRetries(request, since: started)
            if case .applied(let change) = outcome {
                logger.notice("schema changed", metadata: ["change_id": "\(change.id)"])
            }
            if let (name, plan) = outcome.recorded {
                await recordRefusal(of: request, name, plan, since: started)
            }
            return outcome
        } catch {
            if let reason = error.reasonOfRefusal {
                await recordRefusal(of: request, "refused:\(reason)", nil, since: started)
            }
            throw error.ledgerError
        }
    }

    private func attemptWithRetries(
        _ request: SchemaChangeRequest, since started: ContinuousClock.Instant
    ) async throws(PostgresError) -> SchemaChangeOutcome {
        var retries = 0
        while true {
            let outcome = try await attempt(request, since: started)
            guard outcome.isWorthRetrying, retries < request.retries else { return outcome }
            let pause = settings.retryPause * (1 << min(retries, 4))
            retries += 1
            // A sleep that cancellation ends early is followed by another try, which fails.
            try? await Task.sleep(for: pause)
        }
    }

    private func attempt(
        _ request: SchemaChangeRequest, since started: ContinuousClock.Instant
    ) async throws(PostgresError) -> SchemaChangeOutcome {
        let ending: SchemaTransaction.Ending
        do throws(PostgresError) {
            ending = try await pool.use { connection throws(PostgresError) in
                let attempt = SchemaAttempt(
                    request: request, settings: settings, probe: ServiceProbe(pool: pool),
                    connection: connection)
                var opening: SchemaAttempt.Opening?
                let result = await SchemaTransaction(
                    attempt: attempt, started: started, logger: logger
                ).perform(&opening)
                await connection.close()
                if let last = opening?.before.lastTransactionID, result.isTakenBack {
                    await mend(SequenceMending(lastTransactionID: last))
                }
                return try result.get()
            }
        } catch {
            // The one connection for this is in use: by another change of this instance.
            if case .poolExhausted = error { return .busy }
            throw error
        }
        switch ending {
        case .known(let outcome): return outcome
        case .unanswered(let change): return try await settle(change, of: request)
        }
    }

    // MARK: After the transaction

    /// Our turn comes when the session that was lost has ended, and the record then says which end
    /// it came to.
    func settle(
        _ change: SchemaChange, of request: SchemaChangeRequest
    ) async throws(PostgresError) -> SchemaChangeOutcome {
        let isRecorded: Bool
        do throws(PostgresError) {
            isRecorded = try await afterwards.useInTransaction(givingWay: true) {
                connection throws(PostgresError) in
                let statements = SchemaAttempt.settings(settings) + [SchemaAttempt.takeTurns]
                let results = try await connection.runPipeline(
                    statements + [
                        """
                        SELECT EXISTS (SELECT FROM schema_changes
                            WHERE change_id = \(change.id) AND request_id = \(request.requestID))
                        """
                    ])
                return try results[statements.count].only.decode(Bool.self)
            }
        } catch {
            throw .outcomeUnknown("a schema change was not settled: \(error)")
        }
        guard isRecorded else { throw .connectionLost("the schema change was not committed") }
        return .applied(change)
    }

    private func mend(_ sequences: SequenceMending) async {
        do throws(PostgresError) {
            try await afterwards.use { connection throws(PostgresError) in
                _ = try await connection.runPipeline(sequences.statements)
            }
        } catch {
            logger.error("sequences not looked at", metadata: ["error": "\(error)"])
        }
    }

    /// The refusal stands whether or not it can be recorded.
    private func recordRefusal(
        of request: SchemaChangeRequest, _ outcome: String, _ plan: SchemaPlan?,
        since started: ContinuousClock.Instant
    ) async {
        guard !request.isDryRun else { return }
        let record = SchemaRecord(
            request: request, outcome: outcome, elapsed: .now - started, plan: plan)
        do throws(PostgresError) {
            try await afterwards.useInTransaction(givingWay: true) {
                connection throws(PostgresError) in
                _ = try await connection.runPipeline(
                    SchemaAttempt.settings(settings) + [record.insertion()])
            }
            logger.notice("schema change refused", metadata: ["outcome": "\(outcome)"])
        } catch {
            logger.error(
                "refused schema change not recorded",
                metadata: ["outcome": "\(outcome)", "error": "\(error)"])
        }
    }
}

extension Result<SchemaTransaction.Ending, PostgresError> {
    /// What was or may have been committed was judged before.
    fileprivate var isTakenBack: Bool {
        switch self {
        case .success(.known(.applied)), .success(.unanswered): false
        case .success(.known), .failure: true
        }
    }
}

extension PostgresError {
    /// Why the SQL was not applied; nil where it may have been, or was never sent.
    fileprivate var reasonOfRefusal: String? {
        switch self {
        case .server(let message): message.sqlState.rawValue
        case .connectionLost: "connection-lost"
        case .deadlineExceeded: "deadline"
        case .cancelled: "cancelled"
        case .outcomeUnknown, .cannotConnect, .poolExhausted, .poolClosed, .cannotDecode,
            .rolledBack, .notSendable:
            nil
        }
    }
}
