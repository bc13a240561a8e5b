import Synchronization

/// A value that all loops share, for work of some tens of nanoseconds: a look into a table.
///
/// A flag that is spun on, and no lock that puts a thread to sleep: to wait is to wait for less
/// time than a system call takes. Nothing that waits, or takes another lock, belongs in here.
package final class Guarded<Value>: @unchecked Sendable {
    // Sound because `value` is touched only between the flag's being taken and given back, and
    // these acquire and release what was written before.
    private let isTaken = Atomic<Bool>(false)
    private var value: Value

    package init(_ value: sending Value) {
        self.value = value
    }

    package func with<Result>(_ body: (inout Value) -> Result) -> Result {
        while isTaken.exchange(true, ordering: .acquiring) {
            while isTaken.load(ordering: .relaxed) {}
        }
        defer { isTaken.store(false, ordering: .releasing) }
        return body(&value)
    }
}
