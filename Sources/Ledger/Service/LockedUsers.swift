import Logging
import Postgres
import Synchronization

/// Users whose rows somebody else has had locked for too long, such as an open transaction in psql:
/// their writes wait by themselves, until one of them gets through, or nobody has met the lock for
/// a while.
actor LockedUsers {
    /// Where so many are locked, others would gain little.
    private static let limit = 10_000
    /// Who is forgotten and still locked holds up one more batch.
    private static let remembered = Duration.seconds(60)

    private let now: @Sendable () -> ContinuousClock.Instant
    private var lastMet: [UserID: ContinuousClock.Instant] = [:] {
        didSet { count.store(lastMet.count, ordering: .relaxed) }
    }
    private nonisolated let count = Atomic<Int>(0)
    private var nextSweep: ContinuousClock.Instant

    init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
        nextSweep = now() + Self.remembered
    }

    /// To be asked before each write: nearly always there are none.
    nonisolated var areSome: Bool { count.load(ordering: .relaxed) > 0 }

    func concern(_ request: WriteRequest) -> Bool {
        sweep()
        return request.users.contains { lastMet[$0] != nil }
    }

    func add(_ locked: Set<UserID>) {
        let now = now()
        for user in locked where lastMet.count < Self.limit { lastMet[user] = now }
    }

    /// Their rows were to be had.
    func remove(_ request: WriteRequest) {
        for user in request.users { lastMet[user] = nil }
    }

    private func sweep() {
        let now = now()
        guard now >= nextSweep else { return }
        nextSweep = now + Self.remembered / 4
        lastMet = lastMet.filter { $0.value + Self.remembered > now }
    }
}

extension WriteRequest {
    var users: Set<UserID> { commands.users }
}

extension BatchWriter {
    /// Writes those of the requests, which were set aside, whose rows nobody else has locked now;
    /// nil for the others.
    func writeUnlocked(_ requests: [WriteRequest]) async -> [Result<Decision?, LedgerError>] {
        let written = await writeWithoutLocked(requests)
        let results = if let written { written } else { await write(requests) }
        for (request, result) in zip(requests, results) {
            if case .success(.some) = result { await lockedUsers.remove(request) }
        }
        return results
    }

    /// Writes the requests that touch no row that somebody else has locked, and sets the others
    /// aside; nil where nobody has one locked any more, or that cannot be told.
    func writeWithoutLocked(
        _ requests: [WriteRequest]
    ) async -> [Result<Decision?, LedgerError>]? {
        guard let locked = await noteLocked(of: requests), !locked.isEmpty else { return nil }
        let free = requests.indices.filter { requests[$0].users.isDisjoint(with: locked) }
        var results = requests.map { _ in Result<Decision?, LedgerError>.success(nil) }
        guard !free.isEmpty else { return results }
        counters.batchIsTriedAgain()
        let written = await write(free.map { requests[$0] })
        for (index, result) in zip(free, written) { results[index] = result }
        return results
    }

    /// Those of the requests' users whose rows somebody else has locked now; nil where that cannot
    /// be told.
    @discardableResult
    func noteLocked(of requests: [WriteRequest]) async -> Set<UserID>? {
        let locked: Set<UserID>
        do {
            locked = try await pool.use { connection throws(PostgresError) in
                try await store.lockedUsers(
                    of: requests.flatMap(\.commands), on: connection)
            }
        } catch {
            logger.debug("locked rows not found out", metadata: ["error": "\(error)"])
            return nil
        }
        if !locked.isEmpty { await lockedUsers.add(locked) }
        return locked
    }
}
