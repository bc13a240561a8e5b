import Glibc

/// Where other threads leave jobs for a loop, and where the loop says that it goes to sleep.
///
/// The invariant: `jobs` and `isAsleep` are touched only with `mutex` held. The loop falls asleep
/// only over an empty inbox, and whoever puts the first job into a sleeping loop's inbox is told to
/// wake it; a loop that has woken, by itself or by him, takes all jobs before it falls asleep
/// again. So no job is ever left behind, and a loop that is awake costs its callers no system call.
/// (`Synchronization.Mutex` would do, but ThreadSanitizer does not understand it on Linux.)
final class JobInbox: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var jobs: [Job] = []
    private var isAsleep = true

    init() {
        mutex = .allocate(capacity: 1)
        let result = pthread_mutex_init(mutex, nil)
        precondition(result == 0, "pthread_mutex_init failed with \(result)")
    }

    deinit {
        pthread_mutex_destroy(mutex)
        mutex.deallocate()
    }

    /// Whether the caller has to wake the loop.
    func put(_ job: Job) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        jobs.append(job)
        guard isAsleep else { return false }
        isAsleep = false
        return true
    }

    /// Marks the loop as awake: it is to take all jobs before it falls asleep again. Whoever has
    /// put one before this wakes it all the same, which costs it a round.
    func wakeUp() {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isAsleep = false
    }

    /// Marks the loop as awake and hands over all that has come, in order.
    func takeAll(into queue: inout JobQueue) {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isAsleep = false
        guard !jobs.isEmpty else { return }
        queue.append(contentsOf: jobs)
        jobs.removeAll(keepingCapacity: jobs.count <= 4096)
    }

    /// Marks the loop as asleep, unless jobs have come in the meantime.
    func fallAsleep() -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard jobs.isEmpty else { return false }
        isAsleep = true
        return true
    }
}
