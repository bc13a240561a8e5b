import Postgres

/// Decides what follows a failed attempt at a batch.
struct RetryPolicy {
    enum Decision: Equatable {
        case tryAgain(after: Duration)
        /// The server refused the statement itself: one of the commands is to blame.
        case tryEachAlone
        case giveUp(LedgerError)
    }

    private let settings: LedgerSettings
    private let clock = ContinuousClock()
    private var attempts = 0
    private var unknownSince: ContinuousClock.Instant?

    init(settings: LedgerSettings) {
        self.settings = settings
    }

    mutating func decide(on error: PostgresError, isOutcomeKnown: Bool) -> Decision {
        attempts += 1
        guard isOutcomeKnown else { return decideWhileOutcomeIsUnknown() }
        switch error.disposition {
        case .transient where attempts < settings.attempts: return .tryAgain(after: pause)
        case .transient, .databaseAway: return .giveUp(.unavailable)
        case .overloaded: return .giveUp(.overloaded)
        case .refused: return .tryEachAlone
        }
    }

    /// What was unknown so far is known by now; what is unknown from here on is another question.
    mutating func asksAnew() {
        unknownSince = nil
    }

    /// The question stays open through any number of failures, until the deadline.
    private mutating func decideWhileOutcomeIsUnknown() -> Decision {
        let since = unknownSince ?? clock.now
        unknownSince = since
        guard clock.now - since < settings.outcomeDeadline else { return .giveUp(.outcomeUnknown) }
        return .tryAgain(after: pause)
    }

    /// 1 ms, 2 ms, 4 ms ... 256 ms: a deadlock is over at once, a failover takes longer.
    private var pause: Duration { .milliseconds(1 << min(attempts - 1, 8)) }
}
