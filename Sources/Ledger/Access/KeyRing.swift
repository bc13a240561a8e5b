import Postgres

/// The keys in force, as requests ask for them: from memory, or once in some seconds from the
/// database. Who asks at the same time shares one question.
package final class KeyRing: Sendable {
    private let store: KeyStore
    private let cache = Guarded(KeyCache())
    private let lookUps: Gatherer<KeyHash, KeyHolder?>
    let countings: Gatherer<Void, Bool>
    private let now: @Sendable () -> ContinuousClock.Instant

    init(
        pool: ConnectionPool, settings: LedgerSettings,
        executor: any SerialExecutor & TaskExecutor,
        now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        store = KeyStore(pool: pool, lockWait: settings.lockWait)
        self.now = now
        let questions = KeyQuestions(store: store, cache: cache, now: now)
        lookUps = Gatherer(
            limits: .init(batch: settings.batchSize, queue: settings.queueDepth), on: executor
        ) {
            await questions.lookUp($0)
        }
        countings = Gatherer(
            limits: .init(batch: settings.queueDepth, queue: settings.queueDepth, few: .max),
            on: executor
        ) { callers in
            let answer = await questions.isConfigured()
            return callers.map { answer }
        }
    }

    /// What is known of a key without waiting.
    package func known(_ key: KeyHash) -> KeyAnswer {
        let now = now()
        return cache.with { $0.answer(for: key, at: now) }
    }

    /// nil for a key that is not in force.
    package func find(_ key: KeyHash) async throws(LedgerError) -> KeyHolder? {
        try await lookUps.perform(key)
    }

    /// Whether the database has a key that nobody revoked; nil where it must be asked. An expired
    /// one counts: no service opens because time passes.
    package func isConfigured() -> Bool? {
        let now = now()
        return cache.with { $0.isConfigured(at: now) }
    }

    /// Asks the database. While it is away, what was known last counts.
    package func askWhetherConfigured() async throws(LedgerError) -> Bool {
        try await countings.perform(())
    }

    /// What the start has found out.
    package func note(isConfigured: Bool) {
        let now = now()
        cache.with { $0.note(isConfigured: isConfigured, $0.question(at: now)) }
    }

    // MARK: Management

    /// Makes a key; nil where its end has passed already. The secret is told here, and never again.
    package func create(
        _ key: NewAPIKey, by origin: Origin
    ) async throws(LedgerError) -> (key: APIKey, secret: KeySecret)? {
        defer { cache.with { $0.forget() } }
        return try await store.create(key, by: origin)
    }

    /// Ends a key; nil where there is none of this number. One that is revoked stays as it is.
    package func revoke(_ id: Int64, by origin: Origin) async throws(LedgerError) -> APIKey? {
        defer { cache.with { $0.forget() } }
        return try await store.end(id, by: origin)
    }

    /// At most `limit` keys with numbers below `end`, the newest first.
    package func keys(below end: Int64?, limit: Int) async throws(LedgerError) -> [APIKey] {
        try await reportingReadErrors { () throws(PostgresError) in
            try await store.keys(below: end, limit: limit)
        }
    }
}

/// What the database is asked, and what is kept of its answers.
private struct KeyQuestions: Sendable {
    let store: KeyStore
    let cache: Guarded<KeyCache>
    let now: @Sendable () -> ContinuousClock.Instant

    private func begin() -> KeyCache.Question {
        let now = now()
        return cache.with { $0.question(at: now) }
    }

    func lookUp(_ keys: [KeyHash]) async -> [Result<KeyHolder?, LedgerError>] {
        let question = begin()
        do {
            let found = try await store.live(keys)
            return keys.map { key in
                let row = found[key]
                cache.with { $0.note(row?.holder, of: key, rest: row?.rest, question) }
                return .success(row?.holder)
            }
        } catch {
            return keys.map { _ in .failure(error.ledgerErrorOfRead) }
        }
    }

    func isConfigured() async -> Result<Bool, LedgerError> {
        let question = begin()
        let answer: Bool
        do {
            answer = try await store.hasKeys()
        } catch {
            guard let known = cache.with({ $0.wasConfigured }) else {
                return .failure(error.ledgerErrorOfRead)
            }
            answer = known
        }
        cache.with { $0.note(isConfigured: answer, question) }
        return .success(answer)
    }
}
