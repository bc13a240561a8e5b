/// One piece of work for a loop.
enum Job: Sendable {
    /// A stretch of a Swift task, from one suspension to the next.
    case task(UnownedJob)
    case work(@Sendable () -> Void)
}

/// First in, first out, without moving what waits.
struct JobQueue {
    private var jobs: [Job] = []
    private var first = 0

    var isEmpty: Bool { first == jobs.count }
    var count: Int { jobs.count - first }

    mutating func append(_ job: Job) { jobs.append(job) }

    mutating func append(contentsOf more: [Job]) { jobs.append(contentsOf: more) }

    mutating func popFirst() -> Job? {
        guard first < jobs.count else { return nil }
        // What the job holds leaves with it: nothing of it stays until the queue is empty.
        var job = Job.work {}
        swap(&job, &jobs[first])
        first += 1
        if first == jobs.count {
            jobs.removeAll(keepingCapacity: jobs.count <= Self.keptCapacity)
            first = 0
        } else if first >= Self.keptCapacity {
            // A queue that is never quite empty must not keep all that ever went through it.
            jobs.removeSubrange(..<first)
            first = 0
        }
        return job
    }

    /// Room for a busy round; a larger burst gives its memory back.
    private static let keptCapacity = 4096
}
