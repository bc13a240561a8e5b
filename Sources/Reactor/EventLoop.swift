import Dispatch
import Glibc
import Synchronization

// Theory of operation
//
// A loop is one serial Dispatch queue and one private epoll. The epoll's own descriptor is the only
// one that Dispatch ever sees: a read source on the queue fires when anything in the epoll is
// ready, and its handler, a *burst*, then works in rounds (jobs, timers, events) until the epoll is
// empty. Between rounds it lingers up to 20 ms in epoll_wait, so that under traffic nothing is
// re-armed. While the loop rests, the earliest timer stands in one Dispatch timer on the queue.
// After `close()` the loop still runs jobs, straight on the queue, so that no task is stranded.
//
// Jobs that the loop gives itself go to a plain queue; jobs of other threads go through the inbox,
// and only into a sleeping loop's inbox does it take a system call (an eventfd that sits in the
// epoll too). The loop sleeps from when it begins to linger until events come, or until the next
// burst where none do. Once awake it takes the inbox's jobs before it falls asleep again, in its
// next round or, after its last, in a burst that it has follow. It ends a burst for good only
// asleep, or when a job has come since, whose thread then wakes it.

/// One serial queue with a private epoll: the place where sockets, timers and the actors and tasks
/// that live with them meet without locks.
///
/// A loop lives until `close()`. What makes `@unchecked Sendable` sound: every stored property
/// below "Loop only" is touched only by a thread that runs a burst, bursts run only on the serial
/// queue, and every method that touches them asserts it (`preconditionOnLoop()`); the rest is
/// immutable or synchronised by itself.
package final class EventLoop: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private let queue: DispatchQueue
    private let poller: Poller
    let inbox = JobInbox()
    /// The thread that runs a burst now; 0 when none does. Only that thread ever stores its own
    /// name, so a thread that reads its own name is on the loop, in whatever order others see it.
    private let thread = Atomic<pthread_t>(0)
    private let isClosed = Atomic<Bool>(false)

    // Loop only
    private var jobs = JobQueue()
    private var timers = TimerHeap()
    private var registrations = RegistrationTable()
    private var instant = ContinuousClock.now
    private var source: (any DispatchSourceRead)?
    private var restTimer = RestTimer()

    /// A round runs at most so many jobs before events have their turn.
    private static let jobsPerRound = 256
    /// A burst ends after so many rounds, so that the queue's timer source has its turn as well.
    private static let roundsPerBurst = 1024
    /// How long a burst waits for more before it ends, unless a timer is due earlier. Waiting here
    /// is one system call; a new burst is several, and changes of threads. Long enough for what is
    /// waited for under traffic: a commit that reaches a slow disk.
    static let longestLinger = Duration.milliseconds(20)

    package init(label: String) throws(SystemError) {
        poller = try Poller.make()
        queue = DispatchQueue(label: label)
        let source = DispatchSource.makeReadSource(
            fileDescriptor: poller.descriptor, queue: queue)
        self.source = source
        // The source keeps the loop, and through the cancel handler the poller's descriptors, until
        // Dispatch is done with them.
        source.setEventHandler { self.burst() }
        source.setCancelHandler { withExtendedLifetime(self) {} }
        source.activate()
    }

    // MARK: Any thread

    /// Runs `work` on the loop: after everything that this thread has given the loop before.
    package func execute(_ work: @escaping @Sendable () -> Void) {
        add(.work(work))
    }

    package func enqueue(_ job: consuming ExecutorJob) {
        add(.task(UnownedJob(job)))
    }

    package var isOnLoop: Bool {
        thread.load(ordering: .relaxed) == pthread_self()
    }

    package func preconditionOnLoop() {
        precondition(isOnLoop, "not on the event loop \(queue.label)")
    }

    package func checkIsolated() {
        preconditionOnLoop()
    }

    package func isIsolatingCurrentContext() -> Bool? {
        isOnLoop
    }

    /// Ends all registrations and timers without running them, and gives the descriptors back. Jobs
    /// still run afterwards; `register` throws and `schedule` schedules nothing. Idempotent.
    package func close() {
        execute { self.shutDown() }
    }

    private func add(_ job: Job) {
        guard !isOnLoop else { return jobs.append(job) }
        guard inbox.put(job) else { return }
        // A loop closes only while awake, and this one slept when the job came: whoever sees it
        // open here may still wake its epoll, which lives as long as the loop itself.
        if isClosed.load(ordering: .acquiring) {
            queue.async { self.burst() }
        } else {
            poller.wake()
        }
    }

    // MARK: Loop only

    /// When the current round began. Reads no clock.
    package var now: ContinuousClock.Instant {
        preconditionOnLoop()
        return instant
    }

    /// Watches `descriptor`, level-triggered, until the registration is cancelled. The caller keeps
    /// the descriptor open for so long, and closes it afterwards.
    package func register(
        _ descriptor: CInt, for interest: Interest, handler: @escaping (Readiness) -> Void
    ) throws(SystemError) -> Registration {
        preconditionOnLoop()
        guard !isClosed.load(ordering: .relaxed) else {
            throw SystemError(call: "epoll_ctl", code: ESHUTDOWN)
        }
        guard descriptor >= 0 else { throw SystemError(call: "epoll_ctl", code: EBADF) }
        let registration = Registration(
            descriptor: descriptor, token: registrations.nextToken(for: descriptor),
            interest: interest, loop: self, handler: handler)
        if !interest.isEmpty {
            try poller.add(descriptor, mask: interest.mask, token: registration.token)
        }
        registrations.insert(registration)
        return registration
    }

    /// Runs `action` on the loop when `delay` has passed since `now`.
    package func schedule(
        after delay: Duration, _ action: @escaping () -> Void
    ) -> ScheduledAction {
        preconditionOnLoop()
        guard !isClosed.load(ordering: .relaxed) else {
            return ScheduledAction(loop: nil, action: nil)
        }
        let scheduled = ScheduledAction(loop: self, action: action)
        timers.insert(scheduled, at: instant.advanced(by: delay))
        return scheduled
    }

    func unschedule(_ action: ScheduledAction) {
        timers.remove(action)
    }

    /// No interest means out of the epoll, because a hang-up is reported for every descriptor in
    /// it, and level-triggered it would be reported without end. Returns what the kernel has now.
    func change(_ registration: Registration, to interest: Interest) -> Interest {
        guard registrations.isOwner(registration) else { return [] }
        let descriptor = registration.descriptor
        do throws(SystemError) {
            if interest.isEmpty {
                try poller.remove(descriptor)
            } else if registration.interest.isEmpty {
                try poller.add(descriptor, mask: interest.mask, token: registration.token)
            } else {
                try poller.modify(descriptor, mask: interest.mask, token: registration.token)
            }
            return interest
        } catch {
            // The kernel had no room to add it, or does not have it any more, since it was closed
            // behind the registration's back: either way it is not in the epoll. The owner learns
            // it the way it learns of every other fault of its socket.
            let token = registration.token
            add(.work { self.report(.failed, to: token) })
            return []
        }
    }

    func forget(_ registration: Registration, closes: Bool = false) {
        guard registrations.isOwner(registration) else { return }
        registrations.remove(registration)
        // A closed descriptor leaves the epoll by itself (epoll(7), question 6). Where a child
        // process still has a copy for the moment before its exec, the token makes events stale.
        guard !closes, !registration.interest.isEmpty else { return }
        // Fails only where the descriptor was closed already, which took it out of the epoll.
        do throws(SystemError) { try poller.remove(registration.descriptor) } catch {}
    }
}

// MARK: - Bursts

extension EventLoop {
    private func burst() {
        thread.store(pthread_self(), ordering: .relaxed)
        defer { thread.store(0, ordering: .relaxed) }
        instant = .now
        for _ in 0..<Self.roundsPerBurst {
            inbox.takeAll(into: &jobs)
            runJobs()
            runDueTimers()
            let patience = lingerIfIdle()
            if isClosed.load(ordering: .relaxed) {
                guard patience == 0 else { return }
                continue
            }
            let count = poller.wait(milliseconds: patience)
            instant = .now
            // What the handlers cause other threads to put is taken in the next round, or by the
            // burst that follows the last one.
            if count > 0, patience > 0 { inbox.wakeUp() }
            for index in 0..<count {
                let (token, mask) = poller.event(index)
                report(Readiness(mask: mask), to: token)
            }
            if count == 0, patience > 0, !isTimerDue { return rest() }
        }
        continueInAnotherBurst()
    }

    private func runJobs() {
        for _ in 0..<Self.jobsPerRound {
            switch jobs.popFirst() {
            case .task(let job):
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(),
                    taskExecutor: asUnownedTaskExecutor())
            case .work(let work): work()
            case nil: return
            }
        }
    }

    /// Only as many as stand in the heap now: an action that schedules itself without a delay has
    /// its next turn in the next round.
    private func runDueTimers() {
        for _ in 0..<timers.count {
            guard let action = timers.popDue(at: instant) else { return }
            action.run()
        }
    }

    private var isTimerDue: Bool {
        guard let earliest = timers.earliestDeadline else { return false }
        return earliest <= instant
    }

    /// How many milliseconds the round may wait for events: none while there is other work. When it
    /// waits, the inbox has been told.
    private func lingerIfIdle() -> CInt {
        guard jobs.isEmpty, !isTimerDue, inbox.fallAsleep() else { return 0 }
        guard let earliest = timers.earliestDeadline else { return Self.longestLinger.milliseconds }
        return min(Self.longestLinger, instant.duration(to: earliest)).milliseconds
    }

    private func report(_ readiness: Readiness, to token: UInt64) {
        registrations.owner(of: token)?.handle(readiness)
    }

    /// Leaves the earliest timer to Dispatch until the next burst.
    private func rest() {
        guard let earliest = timers.earliestDeadline else { return }
        restTimer.cover(earliest, now: instant, on: queue) {
            self.restTimer.fired()
            self.burst()
        }
    }

    private func continueInAnotherBurst() {
        if isClosed.load(ordering: .relaxed) {
            queue.async { self.burst() }
        } else {
            poller.wake()
        }
    }

    private func shutDown() {
        preconditionOnLoop()
        guard !isClosed.load(ordering: .relaxed) else { return }
        isClosed.store(true, ordering: .releasing)
        for action in timers.removeAll() { action.discard() }
        for registration in registrations.removeAll() { registration.discard() }
        restTimer.cancel()
        source?.cancel()
        source = nil
    }
}

extension Duration {
    /// As epoll_wait takes it: rounded up, so that what it waits for is due then.
    fileprivate var milliseconds: CInt {
        CInt((components.attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
