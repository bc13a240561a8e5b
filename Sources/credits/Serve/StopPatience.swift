/// Waits for what may take long, but not for ever.
struct StopPatience {
    let limit: Duration

    /// Whether the work ended in time; if not, it goes on unobserved.
    func waited(for work: @escaping @Sendable () async -> Void) async -> Bool {
        let (ends, end) = AsyncStream.makeStream(of: Bool.self)
        Task {
            await work()
            end.yield(true)
        }
        let timer = Task {
            // Only a cancelled task sleeps less, and then nobody listens any more.
            try? await Task.sleep(for: limit)
            end.yield(false)
        }
        defer { timer.cancel() }
        for await endedInTime in ends { return endedInTime }
        return false
    }
}
