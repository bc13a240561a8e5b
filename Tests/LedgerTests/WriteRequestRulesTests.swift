import Testing

@testable import Ledger

@Suite("Ledger rules: all or none, and dry runs")
struct WriteRequestRulesTests {
    /// Touches all that a request can touch: balances of two users, keys, a reversal.
    static let everything = [
        Command(user: ada, change: add(10), idempotencyKey: key("a")),
        Command(user: ada, change: transfer(20), idempotencyKey: key("t")),
        Command(user: grace, change: deduct(70), idempotencyKey: key("d")),
        Command(user: ada, change: .reversal(of: 11), idempotencyKey: key("r")),
        Command(user: ada, change: add(10), idempotencyKey: key("a")),
    ]

    @Test("the commands of a request see each other's effects")
    func happensInOrder() {
        var rules = rules()

        let decision = rules.decide(WriteRequest(Self.everything))

        guard case .judged(let outcomes) = decision else {
            Issue.record("\(decision)")
            return
        }
        #expect(outcomes.map { $0.receipt?.credits } == [110, 90, 0, 130, 110])
        #expect(outcomes.map { $0.receipt?.transactionID } == [71, 72, 74, 75, 71])
        #expect(rules.entries.map(\.transactionID) == [71, 72, 73, 74, 75])
    }

    @Test("a request that is refused leaves no trace", arguments: 0...5)
    func leavesNoTraceOfRefusal(place: Int) {
        var rules = rules()
        _ = rules.decide(Command(user: ada, change: add(1), idempotencyKey: key("before")))
        let before = (rules.state, rules.entries)
        var commands = Self.everything
        commands.insert(Command(user: grace, change: deduct(999)), at: place)

        let decision = rules.decide(WriteRequest(commands))

        let available: [Int64] = [50, 50, 70, 0, 0, 0]
        #expect(
            decision
                == .refused(
                    .insufficientCredits(available: available[place], requested: 999), index: place)
        )
        #expect(rules.state == before.0)
        #expect(rules.entries == before.1)
        #expect(
            rules.decide(Command(user: ada, change: add(1))).receipt?.transactionID == 72,
            "the ids are free again")
    }

    @Test("a dry run answers as the real thing, names no transaction, and leaves no trace")
    func leavesNoTraceOfDryRun() {
        var (dry, real) = (rules(), rules())

        let foretold = dry.decide(WriteRequest(Self.everything, isDryRun: true))
        let happened = real.decide(WriteRequest(Self.everything))

        guard case .judged(let dryOnes) = foretold, case .judged(let realOnes) = happened else {
            Issue.record("\(foretold) \(happened)")
            return
        }
        #expect(dryOnes.map { $0.receipt?.credits } == realOnes.map { $0.receipt?.credits })
        #expect(dryOnes.allSatisfy { $0.receipt?.transactionID == nil })
        #expect(dryOnes[1].receipt?.related == nil, "the other side was not made either")
        #expect(dryOnes[3].receipt?.related == entry(ada, 11))
        #expect(dry.state == rulesState())
        #expect(dry.entries.isEmpty)
    }

    @Test("of commands that need not happen together, each that can happens")
    func happensEach() {
        var rules = rules()
        let commands = [
            Command(user: ada, change: deduct(101)), Command(user: ada, change: add(1)),
            Command(user: nobody, change: .reset), Command(user: ada, change: deduct(101)),
        ]

        let foretold = rules.decide(WriteRequest(commands, isAllOrNone: false, isDryRun: true))
        let decision = rules.decide(WriteRequest(commands, isAllOrNone: false))

        let short = Outcome.insufficientCredits(available: 100, requested: 101)
        #expect(
            foretold
                == .judged([
                    short, .applied(receipt(101, id: nil)), .userNotFound,
                    .applied(receipt(0, id: nil)),
                ]))
        #expect(
            decision
                == .judged([
                    short, .applied(receipt(101)), .userNotFound, .applied(receipt(0, id: 72)),
                ]))
    }

    @Test("a dry run of a request whose key stands is its replay")
    func replaysInDryRun() {
        var rules = rules()
        let again = Command(user: ada, change: add(7), idempotencyKey: key("add-7"))

        let decision = rules.decide(WriteRequest(again, isDryRun: true))

        #expect(decision == .judged([.replayed(Earlier.added.receipt)]))
    }

    @Test("a dry run is refused as the real thing is")
    func refusesInDryRun() {
        var rules = rules()
        let decision = rules.decide(
            WriteRequest(Command(user: ada, change: deduct(101)), isDryRun: true))
        #expect(
            decision == .refused(.insufficientCredits(available: 100, requested: 101), index: 0))
    }

    @Test("a key of a request that was refused is free")
    func freesKeys() {
        var rules = rules()
        let first = Command(user: ada, change: add(10), idempotencyKey: key("k"))
        _ = rules.decide(WriteRequest([first, Command(user: nobody, change: .reset)]))

        let other = rules.decide(Command(user: ada, change: add(11), idempotencyKey: key("k")))

        #expect(other == .applied(receipt(111)))
    }
}
