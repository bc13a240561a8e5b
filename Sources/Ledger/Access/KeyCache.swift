/// What was lately asked of the database about keys.
///
/// Theory of operation: a key that is shown is looked up here first, in memory. An answer counts
/// from the moment before the question was sent, so nothing is believed for longer than
/// `lifetime`: a key that is revoked is refused by every instance before five seconds are over. A
/// key that is not known counts for a shorter time, since another instance may be making it. Both
/// tables are bounded; a full one is emptied, which costs a question each.
struct KeyCache: Sendable {
    static let lifetime = Duration.seconds(4)
    static let lifetimeOfUnknown = Duration.seconds(1)
    static let capacity = 10_000

    private struct Entry {
        let holder: KeyHolder
        let end: ContinuousClock.Instant
    }

    private var live: [KeyHash: Entry] = [:]
    private var unknown: [KeyHash: ContinuousClock.Instant] = [:]
    private var presence: (isConfigured: Bool, end: ContinuousClock.Instant)?

    func answer(for key: KeyHash, at now: ContinuousClock.Instant) -> KeyAnswer {
        if let entry = live[key] { return now < entry.end ? .live(entry.holder) : .outOfDate }
        if let end = unknown[key], now < end { return .unknown }
        return .notAsked
    }

    /// - Parameters:
    ///   - holder: nil for a key that is not in force.
    ///   - rest: how long the key itself is still in force; nil for without end.
    mutating func note(
        _ holder: KeyHolder?, of key: KeyHash, rest: Duration?, asked: ContinuousClock.Instant
    ) {
        guard let holder else {
            live[key] = nil
            if unknown.count >= Self.capacity { unknown.removeAll(keepingCapacity: true) }
            unknown[key] = asked + Self.lifetimeOfUnknown
            return
        }
        unknown[key] = nil
        if live.count >= Self.capacity { live.removeAll(keepingCapacity: true) }
        live[key] = Entry(holder: holder, end: asked + min(rest ?? Self.lifetime, Self.lifetime))
    }

    /// A key was made or revoked by this very instance.
    mutating func forget() {
        live.removeAll(keepingCapacity: true)
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

    mutating func note(isConfigured: Bool, asked: ContinuousClock.Instant) {
        presence = (isConfigured, asked + Self.lifetime)
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
