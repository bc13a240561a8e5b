import TestSupport
import Testing

@testable import Ledger

/// Random rounds near the limits: what a plan and the database make of them must be what the rules
/// make of each user's requests on the balance itself.
@Suite("Writes by difference and the rules")
struct DeltaAgreementTests {
    @Test(arguments: 0..<20)
    func `tell the same story`(block: UInt64) {
        for seed in (block * 100)..<(block * 100 + 100) {
            var random = SeededGenerator(seed: seed)
            let round = Round(using: &random)
            for user in [ada, grace] {
                let (decisions, entries) = round.judgement(of: user)
                // Where some applied and some did not, nothing is done, and the locks decide.
                let isWhole = entries.count == decisions.count
                let isSettled = isWhole || entries.isEmpty
                #expect(
                    round.answers(to: user) == decisions.map { isSettled ? $0 : nil },
                    "seed \(seed)")
                #expect(round.written(of: user) == (isWhole ? entries : []), "seed \(seed)")
            }
        }
    }

    private struct Round {
        private let requests: [WriteRequest]
        private let balances: [UserID: Int64]
        private let plan: DeltaPlan
        private var result = DeltaPlan.Balances()
        private let ids = Array(Int64(71)..<80)

        /// The database's part is played by the two lines that it does.
        init(using random: inout SeededGenerator) {
            balances = [ada: Self.balance(&random), grace: Self.balance(&random)]
            requests = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                let amount = Int64.random(in: 1...20, using: &random)
                return WriteRequest(
                    Command(
                        user: Bool.random(using: &random) ? ada : grace,
                        change: Bool.random(using: &random) ? add(amount) : deduct(amount)))
            }
            plan = DeltaPlan(requests, moment: noon, transactionIDs: ids)
            for way in plan.ways {
                guard let balance = balances[way.user] else { continue }
                if way.starts.contains(balance) {
                    result.written[way.user] = balance + way.amount
                } else {
                    result.left[way.user] = balance
                }
            }
        }

        /// At the lower limit, the upper one, or anywhere.
        private static func balance(_ random: inout SeededGenerator) -> Int64 {
            let small = Int64.random(in: 0...30, using: &random)
            return [
                small, upperLimit - small, .random(in: BalanceLimits.range, using: &random),
            ][Int.random(in: 0..<3, using: &random)]
        }

        private func places(of user: UserID) -> [Int] {
            requests.indices.filter { requests[$0].commands[0].user == user }
        }

        func answers(to user: UserID) -> [Decision?] {
            let answers = plan.answers(on: result)
            return places(of: user).map { answers[$0] }
        }

        /// As it stands in the ledger.
        func written(of user: UserID) -> [LedgerEntry] {
            guard let credits = result.written[user] else { return [] }
            return zip(plan.entries, plan.rests).filter { $0.0.user == user }.map { entry, rest in
                LedgerEntry(
                    user: user, transactionID: entry.transactionID, kind: entry.kind,
                    amount: entry.amount, balanceAfter: credits - rest,
                    createdAt: entry.createdAt, reason: nil, metadata: nil, idempotencyKey: nil)
            }
        }

        /// What the rules make of the user's requests, on the balance itself.
        func judgement(of user: UserID) -> (decisions: [Decision], entries: [LedgerEntry]) {
            let balance = LedgerState.Balance(
                credits: balances[user] ?? 0, lastUpdated: noon, isStored: true)
            var rules = CreditRules(
                state: LedgerState(balances: [user: balance], earlier: [:]), moment: noon,
                transactionIDs: places(of: user).map { ids[$0] })
            let decisions = places(of: user).map { rules.decide(requests[$0]) }
            return (decisions, rules.entries)
        }
    }
}
