/// A descriptor that a loop watches. Belongs to its loop.
///
/// The descriptor itself belongs to the caller: cancel first, then close it.
package final class Registration {
    package let descriptor: CInt
    /// Goes with every event through the kernel, so that one meant for an earlier owner of the same
    /// descriptor number is recognised.
    let token: UInt64
    /// As the kernel has it.
    package private(set) var interest: Interest
    /// Held until cancelled; what breaks the cycle through the loop's table.
    private var loop: EventLoop?
    private var handler: ((Readiness) -> Void)?

    init(
        descriptor: CInt, token: UInt64, interest: Interest, loop: EventLoop,
        handler: @escaping (Readiness) -> Void
    ) {
        self.descriptor = descriptor
        self.token = token
        self.interest = interest
        self.loop = loop
        self.handler = handler
    }

    /// Changes what is watched for. With no interest no event comes at all, not even a hang-up.
    /// Does nothing after `cancel()`. On the loop only.
    /// - Returns: Whether it is watched for that now. What fails leaves no interest, and may be
    ///   asked for again; the handler is told of it as `.failed`.
    @discardableResult
    package func update(_ interest: Interest) -> Bool {
        guard let loop else { return false }
        loop.preconditionOnLoop()
        guard interest != self.interest else { return true }
        self.interest = loop.change(self, to: interest)
        return self.interest == interest
    }

    /// Ends the registration: the handler is not called again, even for events that were already
    /// fetched, and is released. Safe inside the handler. On the loop only.
    package func cancel() {
        guard let loop else { return }
        loop.preconditionOnLoop()
        loop.forget(self)
        discard()
    }

    /// Ends the registration of a descriptor that the caller closes next, which is what takes it
    /// out of the epoll: one system call less. On the loop only.
    package func cancelForClose() {
        guard let loop else { return }
        loop.preconditionOnLoop()
        loop.forget(self, closes: true)
        discard()
    }

    func handle(_ readiness: Readiness) {
        handler?(readiness)
    }

    func discard() {
        handler = nil
        loop = nil
    }
}
