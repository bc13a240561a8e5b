import Synchronization

/// What a pool has, to be read from any thread without waiting for the pool's loop. Its numbers are
/// each right, and may be of moments that lie a step apart.
package final class PoolGauge: Sendable {
    private let idle = Atomic<Int>(0)
    private let borrowed = Atomic<Int>(0)
    private let opening = Atomic<Int>(0)
    private let waiting = Atomic<Int>(0)

    init() {}

    func show(_ counts: PoolCounts) {
        idle.store(counts.idle, ordering: .relaxed)
        borrowed.store(counts.borrowed, ordering: .relaxed)
        opening.store(counts.opening, ordering: .relaxed)
        waiting.store(counts.waiting, ordering: .relaxed)
    }

    package var counts: PoolCounts {
        PoolCounts(
            idle: idle.load(ordering: .relaxed), borrowed: borrowed.load(ordering: .relaxed),
            opening: opening.load(ordering: .relaxed), waiting: waiting.load(ordering: .relaxed))
    }
}
