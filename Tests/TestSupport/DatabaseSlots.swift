/// How many tests may use a database at the same time.
///
/// Swift Testing starts all tests at once. Hundreds of them on one PostgreSQL would each be so slow
/// that what is meant to be quick, such as getting a connection, meets its deadline.
actor DatabaseSlots {
    static let shared = DatabaseSlots(count: 6)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(count: Int) {
        free = count
    }

    func take() async {
        guard free == 0 else {
            free -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// From where nobody can wait: in a `defer`.
    nonisolated func giveBack() {
        Task { await release() }
    }

    /// A slot goes straight to who has waited longest.
    private func release() {
        guard !waiting.isEmpty else {
            free += 1
            return
        }
        waiting.removeFirst().resume()
    }
}
