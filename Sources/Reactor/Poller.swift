import CLinux
import Glibc

/// One private epoll and the eventfd that interrupts it. One method a system call.
///
/// The descriptors are closed with the poller. Everything but `wake()` and `descriptor` belongs to
/// the loop; `wake()` may come from any thread that keeps the loop alive.
struct Poller: ~Copyable {
    /// The epoll's own descriptor: readable when any descriptor in it is ready (epoll(7)).
    let descriptor: CInt
    private let wakeUp: CInt
    private let events: UnsafeMutableBufferPointer<epoll_event>

    /// Marks the eventfd's events; no registration has generation 0.
    static let wakeUpToken: UInt64 = 0
    /// A round takes at most this many events before jobs and timers have their turn: about what
    /// 100 us of work are, so that no connection waits long behind busy ones.
    static let eventsPerRound = 256

    static func make() throws(SystemError) -> Poller {
        let epoll = epoll_create1(CInt(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw .last("epoll_create1") }
        let wakeUp = clinux_eventfd()
        guard wakeUp >= 0 else {
            let error = SystemError.last("eventfd")
            _ = Glibc.close(epoll)
            throw error
        }
        let poller = Poller(epoll: epoll, wakeUp: wakeUp)
        // Edge-triggered: every write is one event, and nobody has to read the counter back.
        let mask = EPOLLIN.rawValue | EPOLLET.rawValue
        try poller.add(wakeUp, mask: mask, token: wakeUpToken)
        return poller
    }

    private init(epoll: CInt, wakeUp: CInt) {
        descriptor = epoll
        self.wakeUp = wakeUp
        events = .allocate(capacity: Self.eventsPerRound)
    }

    deinit {
        events.deallocate()
        // close(2) on Linux frees the descriptor even when it reports an error.
        _ = Glibc.close(wakeUp)
        _ = Glibc.close(descriptor)
    }

    /// Makes the epoll ready, from any thread.
    func wake() {
        var one: UInt64 = 1
        let written = write(wakeUp, &one, MemoryLayout<UInt64>.size)
        if written < 0 && errno == EAGAIN {
            // 2^64 - 2 wake-ups: start the counter anew, which is no event, then count this one.
            _ = read(wakeUp, &one, MemoryLayout<UInt64>.size)
            one = 1
            _ = write(wakeUp, &one, MemoryLayout<UInt64>.size)
        }
    }

    func add(_ descriptor: CInt, mask: UInt32, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_ADD, descriptor, mask, token)
    }

    func modify(_ descriptor: CInt, mask: UInt32, token: UInt64) throws(SystemError) {
        try control(EPOLL_CTL_MOD, descriptor, mask, token)
    }

    func remove(_ descriptor: CInt) throws(SystemError) {
        try control(EPOLL_CTL_DEL, descriptor, 0, 0)
    }

    /// Waits for events, at most `milliseconds`, and returns how many `event(_:)` has to tell of.
    func wait(milliseconds: CInt) -> Int {
        let count = epoll_wait(
            descriptor, events.baseAddress, CInt(Self.eventsPerRound), milliseconds)
        // EINTR is a wait that ended early; anything else would be a bug of ours.
        precondition(count >= 0 || errno == EINTR, "epoll_wait failed with errno \(errno)")
        return max(0, Int(count))
    }

    func event(_ index: Int) -> (token: UInt64, mask: UInt32) {
        let event = events[index]
        return (event.data.u64, event.events)
    }

    private func control(
        _ operation: CInt, _ descriptor: CInt, _ mask: UInt32, _ token: UInt64
    ) throws(SystemError) {
        var event = epoll_event(events: mask, data: epoll_data(u64: token))
        guard epoll_ctl(self.descriptor, operation, descriptor, &event) == 0 else {
            throw .last("epoll_ctl")
        }
    }
}
