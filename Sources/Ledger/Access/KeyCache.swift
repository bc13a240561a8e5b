/// What was lately asked of the database about keys.
///
/// Theory of operation: a key that is shown is looked up here first, in memory. An answer counts
/// from the moment before the question was sent, so nothing is believed for longer than
/// `lifetime`: a key that is revoked is refused by every instance before five seconds are over. A
/// key that is not known counts for a shorter time, since another instance may be making it. Where
/// keys are made or revoked here, what was known before is out of date, and so is the answer to a
/// question that is still under way. Both tables are bounded; a full one is emptied, which costs a
/// question each.
struct KeyCache: Sendable {
    static let lifetime = Duration.seconds(4)
    static let lifetimeOfUnknown = Duration.seconds(1)
    static let capacity = 10_000

    /// A moment before a question is sent to the database.
    struct Question: Sendable {
        fileprivate let asked: ContinuousClock.Instant
        fileprivate let generation: Int
    }

    private struct Entry {
        let holder: KeyHolder
        let end: ContinuousClock.Instant
        let generation: Int
    }

    private var live: [KeyHash: Entry] = [:]
    private var unknown: [KeyHash: ContinuousClock.Instant] = [:]
    private var presence: (isConfigured: Bool, end: ContinuousClock.Instant)?
    /// How often keys were made or revoked here.
    private var generation = 0

    func answer(for key: KeyHash, at now: ContinuousClock.Instant) -> KeyAnswer {
        if let entry = live[key] {
            let isCurrent = entry.generation == generation && now < entry.end
            return isCurrent ? .live(entry.holder) : .outOfDate
        }
        if let end = unknown[key], now < end { return .unknown }
        return .notAsked
    }

    func question(at now: ContinuousClock.Instant) -> Question {
        Question(asked: now, generation: generation)
    }

    /// - Parameters:
    ///   - holder: nil for a key that is not in force.
    ///   - rest: how long the key itself is still in force; nil for without end.
    mutating func note(
        _ holder: KeyHolder?, of key: KeyHash, rest: Duration?, _ question: Question
    ) {
        guard question.generation == generation else { return }
        guard let holder else {
            live[key] = nil
            if unknown.count >= Self.capacity { unknown.removeAll(keepingCapacity: true) }
            unknown[key] = question.asked + Self.lifetimeOfUnknown
            return
        }
        unknown[key] = nil
        if live.count >= Self.capacity { live.removeAll(keepingCapacity: true) }
        let lifetime = min(rest ?? Self.lifetime, Self.lifetime)
        live[key] = Entry(
            holder: holder, end: question.asked + lifetime, generation: generation)
    }

    /// A key was made or revoked by this very instance. Keys that were in force stay known as such:
    /// who holds one is asked about, also where wrong keys of the same address are not looked at.
    mutating func forget() {
        generation += 1
        unknown.removeAll(keepingCapacity: true)
        presence = nil
    }

    // MARK: Whether there are keys at all

    /// nil where it must be asked.
    func isConfigured(at now: ContinuousClock.Instant) -> Bool? {
        guard let presence, now < presence.end else { return nil }
        return presence.isConfigured
    }

    /// What was known last, however long ago.
    var wasConfigured: Bool? { presence?.isConfigured }

    mutating func note(isConfigured: Bool, _ question: Question) {
        guard question.generation == generation else { return }
        presence = (isConfigured, question.asked + Self.lifetime)
    }
}

/// What is known of a key without asking.
package enum KeyAnswer: Hashable, Sendable {
    case live(KeyHolder)
    /// Asked a moment ago, and not in force.
    case unknown
    /// In force when it was asked for last.
    case outOfDate
    case notAsked
}
