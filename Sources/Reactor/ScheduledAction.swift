/// An action that a loop runs once, later. Belongs to its loop.
package final class ScheduledAction {
    /// Held until the action ran or was cancelled; what breaks the cycle through the loop's heap.
    private var loop: EventLoop?
    private var action: (() -> Void)?
    /// Where in the heap this action stands; kept by the heap.
    var position: Int?

    init(loop: EventLoop?, action: (() -> Void)?) {
        self.loop = loop
        self.action = action
    }

    /// The action will not run. Does nothing after it ran. On the loop only.
    package func cancel() {
        guard let loop else { return }
        loop.preconditionOnLoop()
        loop.unschedule(self)
        discard()
    }

    func run() {
        let action = action
        discard()
        action?()
    }

    func discard() {
        action = nil
        loop = nil
    }
}
