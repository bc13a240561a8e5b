import Synchronization

/// How often values of each size came. All is laid out at the start: to record one is a walk over a
/// few bounds and two additions, without a lock and without memory.
package final class Histogram: Sendable {
    /// What was recorded until a moment.
    package struct Reading: Sendable {
        /// For each bound the values up to it and above the one before; at last those above all.
        package let counts: [Int]
        package let sum: Int
    }

    private static let cellCount = 16

    /// The largest value of each bucket, ascending.
    package let bounds: [Int]
    private let cells: InlineArray<16, Atomic<Int>> = InlineArray { _ in Atomic(0) }
    private let sum = Atomic<Int>(0)

    package init(upTo bounds: [Int]) {
        precondition(bounds.count < Self.cellCount, "a bucket is left for what is above all")
        precondition(zip(bounds, bounds.dropFirst()).allSatisfy(<), "bounds ascend")
        self.bounds = bounds
    }

    package func record(_ value: Int) {
        var cell = 0
        while cell < bounds.count, value > bounds[cell] { cell += 1 }
        cells[cell].wrappingAdd(1, ordering: .relaxed)
        sum.wrappingAdd(value, ordering: .relaxed)
    }

    package var reading: Reading {
        let counts = (0...bounds.count).map { cells[$0].load(ordering: .relaxed) }
        return Reading(counts: counts, sum: sum.load(ordering: .relaxed))
    }
}
