import Synchronization

/// What the ledger counts of its work since the process began; read by whoever shows it.
package final class LedgerCounters: Sendable {
    private static let sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

    /// Commands a batch of writes.
    package let writeBatches = Histogram(upTo: sizes)
    /// Users a round of balance reads.
    package let readBatches = Histogram(upTo: sizes)
    package let grants = GrantGauges()
    /// Rounds of writes, each with its commit.
    package let writeRounds = RoundTimes()
    private let fates: InlineArray<16, Atomic<Int>> = InlineArray { _ in Atomic(0) }
    private let retryCount = Atomic<Int>(0)

    package init() {}

    /// How many writes had this fate.
    package func count(of fate: WriteFate) -> Int {
        fates[fate.rawValue].load(ordering: .relaxed)
    }

    /// Attempts at a batch that were followed by another.
    package var retries: Int { retryCount.load(ordering: .relaxed) }

    func batchIsTriedAgain() {
        retryCount.wrappingAdd(1, ordering: .relaxed)
    }

    func record(_ result: Result<Decision, LedgerError>, of request: WriteRequest) {
        switch result {
        case .success where request.isDryRun: add(request.commands.count, .dryRun)
        case .success(.judged(let outcomes)): for outcome in outcomes { add(1, WriteFate(outcome)) }
        case .success(.refused(let outcome, index: _)): add(1, WriteFate(outcome))
        case .failure(let error): add(request.commands.count, WriteFate(error))
        }
    }

    private func add(_ count: Int, _ fate: WriteFate) {
        fates[fate.rawValue].wrappingAdd(count, ordering: .relaxed)
    }
}

/// What became of a write, as it is counted. Of a request whose commands happen all or none, and
/// none did, the one that was refused counts; the others were not judged.
package enum WriteFate: Int, Sendable, CaseIterable {
    case applied, replayed, dryRun, userNotFound, keyReused, transferToSelf, recipientNotFound
    case transactionNotFound, notReversible, alreadyReversed, insufficientCredits, limitReached
    case unavailable, overloaded, outcomeUnknown, failed

    init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .applied: .applied
            case .replayed: .replayed
            case .userNotFound: .userNotFound
            case .keyReused: .keyReused
            case .transferToSelf: .transferToSelf
            case .recipientNotFound: .recipientNotFound
            case .transactionNotFound: .transactionNotFound
            case .notReversible: .notReversible
            case .alreadyReversed: .alreadyReversed
            case .insufficientCredits: .insufficientCredits
            case .balanceLimitReached, .recipientLimitReached: .limitReached
            }
    }

    init(_ error: LedgerError) {
        self =
            switch error {
            case .unavailable: .unavailable
            case .overloaded: .overloaded
            case .outcomeUnknown: .outcomeUnknown
            case .forbidden, .failed: .failed
            }
    }
}
