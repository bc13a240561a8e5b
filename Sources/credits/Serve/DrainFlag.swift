import Synchronization

/// Raised when the server is about to stop: /readyz answers 503 from then on.
final class DrainFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    var isRaised: Bool { raised.load(ordering: .relaxed) }
    func raise() { raised.store(true, ordering: .relaxed) }
}
