import Testing

@testable import Postgres

/// Dialogues: an event, and the actions that it must bring about.
@Suite("PoolState") struct PoolStateTests {
    private let start = ContinuousClock.now

    private func makePool(size: Int) -> Dialogue {
        var settings = PoolSettings(size: size)
        settings.idleCheckAfter = .seconds(30)
        settings.idleLifetime = .seconds(600)
        return Dialogue(settings)
    }

    @Test func `opens a connection for who needs one, up to its size`() {
        let pool = makePool(size: 2)
        #expect(pool.borrow(1, now: start) == [.open])
        #expect(pool.borrow(2, now: start) == [.open])
        #expect(pool.borrow(3, now: start) == [])
        #expect(pool.opened(10, now: start) == [.lend(10, to: 1, isStale: false)])
        #expect(pool.opened(11, now: start) == [.lend(11, to: 2, isStale: false)])
        #expect(pool.counts == PoolCounts(idle: 0, borrowed: 2, opening: 0, waiting: 1))
    }

    @Test func `lends in the order of asking, and the one used last first`() {
        let pool = poolWithIdle(2)
        #expect(pool.borrow(3, now: start) == [.lend(11, to: 3, isStale: false)])
        #expect(pool.borrow(4, now: start) == [.lend(10, to: 4, isStale: false)])
        #expect(pool.borrow(5, now: start) == [])
        #expect(pool.borrow(6, now: start) == [])
        #expect(
            pool.giveBack(10, isClean: true, now: start) == [.lend(10, to: 5, isStale: false)])
        #expect(
            pool.giveBack(11, isClean: true, now: start) == [.lend(11, to: 6, isStale: false)])
    }

    @Test func `lends to those who give way when nobody else waits`() {
        let pool = poolWithIdle(1)
        #expect(pool.borrow(2, now: start) == [.lend(10, to: 2, isStale: false)])
        for borrower in [3, 4] as [UInt64] {
            #expect(pool.borrow(borrower, givingWay: true, now: start) == [])
        }
        #expect(pool.borrow(5, now: start) == [])
        #expect(pool.borrow(6, now: start) == [])
        #expect(pool.leave(3) && !pool.leave(3))
        for borrower in [5, 6, 4] as [UInt64] {
            let lent = PoolState.Action.lend(10, to: borrower, isStale: false)
            #expect(pool.giveBack(10, isClean: true, now: start) == [lent])
        }
        #expect(pool.giveBack(10, isClean: true, now: start) == [])
    }

    @Test func `closes what comes back unclean, and opens another for who waits`() {
        let pool = poolWithIdle(1)
        #expect(pool.borrow(2, now: start) == [.lend(10, to: 2, isStale: false)])
        #expect(pool.borrow(3, now: start) == [])
        #expect(pool.giveBack(10, isClean: false, now: start) == [.close(10), .open])
        #expect(pool.opened(12, now: start) == [.lend(12, to: 3, isStale: false)])
    }

    @Test func `forgets who does not wait any more`() {
        let pool = makePool(size: 1)
        #expect(pool.borrow(1, now: start) == [.open])
        #expect(pool.borrow(2, now: start) == [])
        #expect(pool.waitLimitReached(2) == [.refuse(2, .waitedTooLong)])
        #expect(pool.waitLimitReached(2) == [])
        #expect(pool.leave(1))
        #expect(pool.opened(10, now: start) == [])
        #expect(pool.counts == PoolCounts(idle: 1, borrowed: 0, opening: 0, waiting: 0))
    }

    @Test func `refuses at once while the database is down, and tries again later and later`() {
        let pool = makePool(size: 4)
        #expect(pool.borrow(1, now: start) == [.open])
        #expect(
            pool.openingFailed(jitter: 0)
                == [.retry(after: .milliseconds(50)), .refuse(1, .unreachable)])
        #expect(pool.borrow(2, now: start) == [.refuse(2, .unreachable)])
        #expect(pool.retryIsDue() == [.open])
        #expect(pool.borrow(3, now: start) == [.refuse(3, .unreachable)])
        #expect(pool.openingFailed(jitter: 0) == [.retry(after: .milliseconds(100))])
        #expect(pool.retryIsDue() == [.open])
        #expect(pool.opened(10, now: start) == [])
        #expect(pool.borrow(4, now: start) == [.lend(10, to: 4, isStale: false)])
        #expect(pool.borrow(5, now: start) == [.open])
    }

    @Test func `waits for the last of several tries before it gives the database up`() {
        let pool = makePool(size: 2)
        #expect(pool.borrow(1, now: start) == [.open])
        #expect(pool.borrow(2, now: start) == [.open])
        #expect(pool.openingFailed(jitter: 0) == [])
        #expect(pool.opened(10, now: start) == [.lend(10, to: 1, isStale: false), .open])
    }

    @Test func `lets callers wait for a living connection while no other can be opened`() {
        let pool = makePool(size: 2)
        #expect(pool.borrow(1, now: start) == [.open])
        #expect(pool.opened(10, now: start) == [.lend(10, to: 1, isStale: false)])
        #expect(pool.borrow(2, now: start) == [.open])
        #expect(pool.openingFailed(jitter: 0) == [.retry(after: .milliseconds(50))])
        #expect(pool.borrow(3, now: start) == [])
        #expect(
            pool.giveBack(10, isClean: true, now: start) == [.lend(10, to: 2, isStale: false)])
        #expect(
            pool.giveBack(10, isClean: false, now: start)
                == [.close(10), .refuse(3, .unreachable)])
    }

    @Test func `has a connection asked that was unused for long`() {
        let pool = poolWithIdle(2)
        let later = start + .seconds(30)
        #expect(pool.borrow(3, now: later) == [.lend(11, to: 3, isStale: true)])
        #expect(pool.closeIdle() == [.close(10)])
        #expect(pool.giveBack(11, isClean: false, now: later) == [.close(11)])
        #expect(pool.borrow(3, now: later) == [.open])
    }

    @Test func `closes what nobody used for very long`() {
        let pool = poolWithIdle(2)
        #expect(pool.sweep(now: start + .seconds(599)) == [])
        #expect(pool.sweep(now: start + .seconds(600)) == [.close(10), .close(11)])
        #expect(pool.counts == PoolCounts(idle: 0, borrowed: 0, opening: 0, waiting: 0))
    }

    @Test func `forgets an idle connection that ended, and keeps a borrowed one's place`() {
        let pool = poolWithIdle(2)
        #expect(pool.borrow(3, now: start) == [.lend(11, to: 3, isStale: false)])
        #expect(pool.lost(10))
        #expect(!pool.lost(11))
        #expect(pool.counts == PoolCounts(idle: 0, borrowed: 1, opening: 0, waiting: 0))
    }

    @Test func `shuts down when the last borrowed connection has come back`() {
        let pool = poolWithIdle(2)
        #expect(pool.borrow(3, now: start) == [.lend(11, to: 3, isStale: false)])
        #expect(pool.shutDown() == [.close(10)])
        #expect(pool.borrow(4, now: start) == [.refuse(4, .closed)])
        #expect(pool.giveBack(11, isClean: true, now: start) == [.close(11), .ended])
    }

    @Test func `shuts down when the last try has ended, and refuses who waits`() {
        let pool = makePool(size: 2)
        #expect(pool.borrow(1, now: start) == [.open])
        #expect(pool.borrow(2, now: start) == [.open])
        #expect(pool.shutDown() == [.refuse(1, .closed), .refuse(2, .closed)])
        #expect(pool.openingFailed(jitter: 0) == [])
        #expect(pool.opened(10, now: start) == [.close(10), .ended])
        #expect(pool.retryIsDue() == [])
    }

    /// Connections 10, 11 and so on, given back by borrowers 0, 1 and so on, in this order.
    private func poolWithIdle(_ count: Int) -> Dialogue {
        let pool = makePool(size: count)
        for index in 0..<UInt64(count) {
            _ = pool.borrow(index, now: start)
            _ = pool.opened(10 + index, now: start)
        }
        for index in 0..<UInt64(count) {
            _ = pool.giveBack(10 + index, isClean: true, now: start)
        }
        return pool
    }
}

/// A pool's state that tells its actions, and can be told of events within an expectation.
private final class Dialogue {
    private var state: PoolState

    init(_ settings: PoolSettings) { state = PoolState(settings: settings) }

    var counts: PoolCounts { state.counts }

    func borrow(
        _ borrower: UInt64, givingWay: Bool = false, now: ContinuousClock.Instant
    ) -> [PoolState.Action] {
        state.borrow(borrower, givingWay: givingWay, now: now)
    }

    func giveBack(
        _ id: UInt64, isClean: Bool, now: ContinuousClock.Instant
    ) -> [PoolState.Action] {
        state.giveBack(id, isClean: isClean, now: now)
    }

    func opened(_ id: UInt64, now: ContinuousClock.Instant) -> [PoolState.Action] {
        state.opened(id, now: now)
    }

    func openingFailed(jitter: Double) -> [PoolState.Action] {
        state.openingFailed(jitter: jitter)
    }

    func waitLimitReached(_ borrower: UInt64) -> [PoolState.Action] {
        state.waitLimitReached(borrower)
    }

    func sweep(now: ContinuousClock.Instant) -> [PoolState.Action] { state.sweep(now: now) }
    func retryIsDue() -> [PoolState.Action] { state.retryIsDue() }
    func closeIdle() -> [PoolState.Action] { state.closeIdle() }
    func shutDown() -> [PoolState.Action] { state.shutDown() }
    func leave(_ borrower: UInt64) -> Bool { state.leave(borrower) }
    func lost(_ id: UInt64) -> Bool { state.lost(id) }
}

@Suite("Backoff") struct BackoffTests {
    @Test func `doubles up to its limit, and starts again after a success`() {
        var backoff = Backoff()
        backoff.first = .seconds(1)
        backoff.limit = .seconds(5)
        let delays = (0..<5).map { _ in backoff.delayAfterFailure(jitter: 0) }
        #expect(delays == [.seconds(0.5), .seconds(1), .seconds(2), .seconds(2.5), .seconds(2.5)])
        for _ in 0..<100 { _ = backoff.delayAfterFailure(jitter: 0) }
        backoff.reset()
        #expect(backoff.delayAfterFailure(jitter: 0) == .seconds(0.5))
    }

    @Test func `spreads delays over the upper half`() {
        var backoff = Backoff()
        backoff.first = .seconds(1)
        #expect(backoff.delayAfterFailure(jitter: 0.5) == .seconds(0.75))
    }
}
