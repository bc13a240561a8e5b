import Dispatch
import Ledger
import Logging
import ServiceLifecycle

/// Grants the days that are due: at the start, after each midnight UTC, and after anything that
/// makes this machine's clock show another day. When to wake and when to ask is `GrantSchedule`'s.
struct GrantTimer: Service {
    /// What the timer knows of time; tests put a clock of their own here.
    struct Clock: Sendable {
        let time: @Sendable () -> Timestamp
        let instant: @Sendable () -> ContinuousClock.Instant

        static let system = Clock(time: SystemClock.now, instant: { ContinuousClock.now })
    }

    let clock: Clock
    let logger: Logger
    /// Grants every day that is due by the database's clock, says which day that clock shows, and
    /// when to ask again on it.
    let grantDueDays: @Sendable () async throws -> DailyGrants.CaughtUp

    /// Lasts until the graceful shutdown, which also cuts short a grant that is under way: what is
    /// left of the day is granted after the next start, or by another instance.
    func run() async throws {
        await cancelWhenGracefulShutdown { await wakeUpAgainAndAgain() }
    }

    private func wakeUpAgainAndAgain() async {
        let (wakes, wake) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "credits.grants"))
        timer.setEventHandler { wake.yield() }
        timer.schedule(deadline: .now())
        timer.activate()
        defer { timer.cancel() }
        var schedule = GrantSchedule()
        for await _ in wakes {
            await wokeUp(&schedule)
            let pause = schedule.pause(at: clock.time(), now: clock.instant())
            timer.schedule(deadline: .now() + pause.dispatchInterval)
        }
    }

    /// Asks if it is time to, and tells the schedule what became of it.
    func wokeUp(_ schedule: inout GrantSchedule) async {
        let time = clock.time()
        guard schedule.isDue(at: time, now: clock.instant()) else { return }
        do {
            let answer = try await grantDueDays()
            schedule.answered(
                databaseDay: answer.day, next: answer.next, askedOn: CalendarDay(of: time),
                now: clock.instant())
        } catch {
            schedule.failed(now: clock.instant())
            guard !Task.isCancelled else { return }
            logger.warning(
                "daily grant failed, will be tried again", metadata: ["error": "\(error)"])
        }
    }
}

extension ActorName {
    static let grantTimer = ActorName("timer")
    static let grantCommand = ActorName("credits grant")
}

extension DailyGrants {
    /// Grants what is due, and shows how far the daily grant is.
    func catchUp(showing gauges: GrantGauges) async throws(LedgerError) -> CaughtUp {
        defer { gauges.stopped() }
        let caughtUp = try await catchUp(
            actor: .grantTimer, progress: { gauges.show($0) }, done: { gauges.show($0) })
        gauges.settled(caughtUp.day)
        return caughtUp
    }
}

extension GrantGauges {
    fileprivate func show(_ grant: DailyGrant) {
        guard grant.isOfDailySchedule else { return }
        reached(grant.day, granted: grant.granted, capped: grant.capped, isDone: grant.isDone)
    }
}

extension Duration {
    fileprivate var dispatchInterval: DispatchTimeInterval {
        let (seconds, attoseconds) = components
        return .nanoseconds(Int(seconds) * 1_000_000_000 + Int(attoseconds / 1_000_000_000))
    }
}
