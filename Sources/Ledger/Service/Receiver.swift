/// Where a result is brought, once, by work that no task waits for: a task a request costs more
/// than the request's own part of a round.
package typealias Receiver<Value> = @Sendable (Value) -> Void

/// Waits, in a task after all, for what `work` brings.
package func awaited<Value: Sendable>(
    _ work: (@escaping Receiver<Value>) -> Void
) async -> Value {
    await withCheckedContinuation { caller in
        work { caller.resume(returning: $0) }
    }
}
