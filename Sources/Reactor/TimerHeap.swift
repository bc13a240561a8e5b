/// A binary min-heap of scheduled actions by deadline. Every action knows its place in it, so that
/// a cancelled one leaves at once (a statement's deadline is cancelled by nearly every statement).
struct TimerHeap {
    private struct Entry {
        let deadline: ContinuousClock.Instant
        /// Equal deadlines run in the order they were scheduled in.
        let sequence: UInt64
        let action: ScheduledAction

        static func < (left: Entry, right: Entry) -> Bool {
            left.deadline == right.deadline
                ? left.sequence < right.sequence : left.deadline < right.deadline
        }
    }

    private var entries: [Entry] = []
    private var nextSequence: UInt64 = 0

    var count: Int { entries.count }
    var earliestDeadline: ContinuousClock.Instant? { entries.first?.deadline }

    mutating func insert(_ action: ScheduledAction, at deadline: ContinuousClock.Instant) {
        entries.append(Entry(deadline: deadline, sequence: nextSequence, action: action))
        nextSequence += 1
        action.position = entries.count - 1
        siftUp(from: entries.count - 1)
    }

    mutating func remove(_ action: ScheduledAction) {
        guard let position = action.position else { return }
        precondition(entries[position].action === action, "the heap lost an action's position")
        removeEntry(at: position)
    }

    mutating func popDue(at now: ContinuousClock.Instant) -> ScheduledAction? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        removeEntry(at: 0)
        return first.action
    }

    mutating func removeAll() -> [ScheduledAction] {
        let actions = entries.map(\.action)
        entries = []
        for action in actions { action.position = nil }
        return actions
    }

    private mutating func removeEntry(at position: Int) {
        entries[position].action.position = nil
        let last = entries.removeLast()
        guard position < entries.count else { return }
        place(last, at: position)
        siftDown(from: position)
        siftUp(from: position)
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        let entry = entries[child]
        while child > 0 {
            let parent = (child - 1) / 2
            guard entry < entries[parent] else { break }
            place(entries[parent], at: child)
            child = parent
        }
        place(entry, at: child)
    }

    private mutating func siftDown(from start: Int) {
        var parent = start
        let entry = entries[parent]
        while true {
            var child = 2 * parent + 1
            guard child < entries.count else { break }
            if child + 1 < entries.count, entries[child + 1] < entries[child] { child += 1 }
            guard entries[child] < entry else { break }
            place(entries[child], at: parent)
            parent = child
        }
        place(entry, at: parent)
    }

    private mutating func place(_ entry: Entry, at position: Int) {
        entries[position] = entry
        entry.action.position = position
    }
}
