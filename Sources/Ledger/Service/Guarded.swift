import Dispatch

/// A value that all loops share, for work of some tens of nanoseconds: a look into a table.
///
/// A semaphore of one as its lock: it costs two atomic operations while nobody else is in, wakes
/// who waits, and ThreadSanitizer understands it. Nothing that waits belongs in here.
package final class Guarded<Value>: @unchecked Sendable {
    // Sound because `value` is touched by who holds the semaphore alone.
    private let lock = DispatchSemaphore(value: 1)
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
    }

    package func with<Result>(_ body: (inout Value) -> Result) -> Result {
        lock.wait()
        defer { lock.signal() }
        return body(&value)
    }
}
