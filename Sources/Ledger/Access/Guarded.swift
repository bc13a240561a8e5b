import Dispatch

/// A value that all loops share, for work of some tens of nanoseconds: a look into a table.
///
/// A serial queue as its lock: it costs a few atomic operations while nobody else is in, wakes who
/// waits, and ThreadSanitizer understands it. Nothing that waits belongs in here.
package final class Guarded<Value>: @unchecked Sendable {
    // Sound because `value` is touched on the queue alone.
    private let queue = DispatchQueue(label: "credits.guarded")
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
    }

    package func with<Result>(_ body: (inout Value) -> Result) -> Result {
        queue.sync { body(&value) }
    }
}
