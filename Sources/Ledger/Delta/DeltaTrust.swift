import Synchronization

/// Whether the short way is worth its while, judged by how it went of late.
final class DeltaTrust: Sendable {
    private let balance = Atomic<Int>(most)

    private static let most = 64
    /// What takes the long way after the short one costs as much as some eight save that need not.
    private static let costOfFailure = 8
    /// So many writes go the long way at once before the short one is tried again.
    private static let pause = 1024

    /// To be asked before each write, from any thread.
    var isGiven: Bool {
        guard balance.load(ordering: .relaxed) < 0 else { return true }
        balance.wrappingAdd(1, ordering: .relaxed)
        return false
    }

    /// What is lost where two threads come at once is no more than one of many judgements.
    func weigh(successes: Int, failures: Int) {
        let old = balance.load(ordering: .relaxed)
        let new = min(old + successes, Self.most) - failures * Self.costOfFailure
        balance.store(new < 0 && old >= 0 ? -Self.pause : new, ordering: .relaxed)
    }
}
