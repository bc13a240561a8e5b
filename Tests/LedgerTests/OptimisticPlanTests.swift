import Testing

@testable import Ledger

@Suite("Optimistic plans")
struct OptimisticPlanTests {
    private static let balance = KnownBalance(
        credits: 100, lastUpdated: noon, transactionID: 3)

    private let known = [
        ada: Self.balance,
        grace: KnownBalance(credits: 50, lastUpdated: noon, transactionID: 4),
    ]

    private func plan(
        _ commands: [Command], seen: Set<UserID> = []
    ) -> OptimisticPlan {
        OptimisticPlan(
            commands.map { WriteRequest($0) }, known: known, seen: seen, moment: noon,
            transactionIDs: Array(71..<80))
    }

    @Test func `what applies is written, each user's last entry as the new balance`() {
        let plan = plan([
            Command(user: ada, change: deduct(60)), Command(user: grace, change: add(1)),
            Command(user: ada, change: deduct(40)),
        ])
        #expect(plan.open == [])
        #expect(plan.entries.map(\.transactionID) == [71, 72, 73])
        #expect(plan.last.map(\.transactionID) == [73, 72])
        #expect(plan.last.map(\.balanceAfter) == [0, 51])
        #expect(plan.writtenUsers.map(\.first.transactionID) == [71, 72])
        #expect(plan.writtenUsers.map(\.requests) == [[0, 2], [1]])
        #expect(plan.answers(changed: [1, 2]) == plan.decisions)
        #expect(plan.answers(changed: [2]) == [nil, plan.decisions[1], nil])
    }

    @Test func `a refusal leaves all of its user open, unless the balance was just seen`() {
        let commands = [
            Command(user: ada, change: add(1)), Command(user: ada, change: deduct(200)),
            Command(user: grace, change: add(1)),
        ]
        let remembered = plan(commands)
        #expect(remembered.open == [ada])
        #expect(remembered.entries.map(\.user) == [grace])
        #expect(remembered.idCount == 2)
        #expect(remembered.writtenUsers.map(\.requests) == [[2]])

        let seen = plan(commands, seen: [ada])
        #expect(seen.open == [])
        #expect(seen.entries.map(\.user) == [ada, grace])
        #expect(
            seen.decisions[1].only == .insufficientCredits(available: 101, requested: 200))
    }

    @Test func `who is not known, and a key that comes twice, stay open even when seen`() {
        let key = IdempotencyKey("once")
        let plan = plan(
            [
                Command(user: nobody, change: add(1)),
                Command(user: ada, change: add(1), idempotencyKey: key),
                Command(user: ada, change: add(1), idempotencyKey: key),
            ], seen: [nobody, ada])
        #expect(plan.open == [nobody, ada])
        #expect(plan.entries == [])
    }

    @Test func `a refusal under a key stays open even when seen, for it may be a retry`() {
        let retry = Command(
            user: ada, change: deduct(200), idempotencyKey: IdempotencyKey("again"))
        #expect(plan([retry], seen: [ada]).open == [ada])
    }

    @Test func `plain is one write of one user's balance that is really to happen`() {
        #expect(WriteRequest(Command(user: ada, change: .reset)).isPlain)
        #expect(!WriteRequest(Command(user: ada, change: .reset), isDryRun: true).isPlain)
        #expect(!WriteRequest(Command(user: ada, change: transfer(1))).isPlain)
        #expect(!WriteRequest(Command(user: ada, change: .reversal(of: 3))).isPlain)
        let two = [Command(user: ada, change: add(1)), Command(user: ada, change: add(1))]
        #expect(!WriteRequest(two).isPlain)
    }

    @Test func `a cache keeps what was used lately, and no more than its capacity`() {
        var cache = BalanceCache(capacity: 8)
        for number in 1...100 {
            cache.remember(Self.balance, of: userID(Int64(number)))
            #expect(cache.find(userID(1)) != nil, "it is used all the time")
            #expect(cache.count <= 8)
        }
        #expect(cache.find(userID(2)) == nil)
        cache.forget(userID(1))
        #expect(cache.find(userID(1)) == nil)

        var none = BalanceCache(capacity: 0)
        none.remember(Self.balance, of: ada)
        #expect(none.find(ada) == nil)
    }

    @Test func `the database's clock goes on between its answers, for a minute`() {
        let start = ContinuousClock.now
        let clock = DatabaseClock(noon, at: start)
        let later = clock.time(at: start + .milliseconds(1_500))
        #expect(
            later?.microsecondsSinceUnixEpoch == noon.microsecondsSinceUnixEpoch + 1_500_000)
        #expect(clock.time(at: start + .seconds(60)) == nil)
    }
}
