import Testing

@testable import Ledger

@Suite("Plans of writes by difference")
struct DeltaPlanTests {
    private func plan(_ commands: [Command]) -> DeltaPlan {
        DeltaPlan(
            commands.map { WriteRequest($0) }, moment: noon, transactionIDs: Array(71..<80))
    }

    @Test func `a user's way is its end, its bounds, and what follows each entry`() throws {
        let plan = plan([
            Command(user: grace, change: deduct(60)), Command(user: ada, change: add(1)),
            Command(user: grace, change: add(100)), Command(user: grace, change: deduct(10)),
        ])
        #expect(plan.ways.map(\.user) == [ada, grace])
        #expect(plan.ways.map(\.amount) == [1, 30])
        let most = BalanceLimits.range.upperBound
        #expect(plan.ways.map(\.starts) == [0...(most - 1), 60...(most - 40)])
        #expect(plan.ways.map(\.first.transactionID) == [72, 71])
        #expect(plan.ways.map(\.last.transactionID) == [72, 74])
        #expect(plan.entries.map(\.transactionID) == [71, 72, 73, 74])
        #expect(plan.rests == [90, 0, -10, 0])
    }

    @Test func `the answers follow from what the balances have become`() throws {
        let plan = plan([
            Command(user: ada, change: deduct(60)), Command(user: grace, change: add(1)),
            Command(user: ada, change: add(10)),
        ])
        let answers = plan.answers(on: .init(written: [ada: 50]))
        #expect(answers.map { $0?.only.receipt?.credits } == [40, nil, 50])
        #expect(answers.map { $0?.only.receipt?.transactionID } == [71, nil, 73])
    }

    @Test func `who is refused all is told by the balance as it is, and everybody else is open`() {
        let plan = plan([
            Command(user: ada, change: deduct(60)), Command(user: ada, change: deduct(70)),
            Command(user: grace, change: deduct(60)), Command(user: grace, change: add(1)),
        ])
        let answers = plan.answers(on: .init(left: [ada: 59, grace: 59]))
        #expect(
            answers.map { $0?.only } == [
                .insufficientCredits(available: 59, requested: 60),
                .insufficientCredits(available: 59, requested: 70), nil, nil,
            ])
        #expect(plan.users(without: answers) == [grace])
        // Something else was in the way than the balance.
        #expect(plan.answers(on: .init(left: [ada: 60]))[0] == nil)
    }

    @Test func `a refusal under a key stays open, for it may be a retry`() {
        let plan = plan([
            Command(user: ada, change: deduct(60), idempotencyKey: IdempotencyKey("again"))
        ])
        #expect(plan.answers(on: .init(left: [ada: 0])) == [nil])
    }

    @Test func `a key that comes twice, and what leads past all bounds, is nothing to write`() {
        let key = IdempotencyKey("once")
        let twice = plan([
            Command(user: ada, change: add(1), idempotencyKey: key),
            Command(user: grace, change: add(1)),
            Command(user: ada, change: add(1), idempotencyKey: key),
        ])
        #expect(twice.entries.map(\.user) == [grace])
        #expect(twice.ways.map(\.user) == [grace])

        let amount = CreditAmount.range.upperBound
        let count = 4_600
        let all = DeltaPlan(
            (0..<count).map { _ in WriteRequest(Command(user: ada, change: add(amount))) },
            moment: noon, transactionIDs: Array(1...Int64(count)))
        #expect(all.entries.isEmpty)
    }

    @Test func `a difference is one addition or deduction that is really to happen`() {
        #expect(WriteRequest(Command(user: ada, change: add(1))).isDelta)
        #expect(WriteRequest(Command(user: ada, change: deduct(1))).isDelta)
        #expect(!WriteRequest(Command(user: ada, change: add(1)), isDryRun: true).isDelta)
        #expect(!WriteRequest(Command(user: ada, change: .reset)).isDelta)
        #expect(!WriteRequest(Command(user: ada, change: transfer(1))).isDelta)
        #expect(!WriteRequest(Command(user: ada, change: .reversal(of: 3))).isDelta)
        let two = [Command(user: ada, change: add(1)), Command(user: ada, change: add(1))]
        #expect(!WriteRequest(two).isDelta)
    }
}
