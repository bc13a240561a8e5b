import TestSupport
import Testing

@testable import Ledger

/// Thousands of random histories, each run through the rules in batches and through a naive model
/// one request at a time: both must tell the same story.
@Suite("Ledger rules: random histories")
struct RandomHistoriesTests {
    @Test("batches have the outcomes of the same requests one by one", arguments: 0..<20)
    func agreesWithModel(block: UInt64) {
        for seed in (block * 200)..<(block * 200 + 200) {
            var random = SeededGenerator(seed: seed)
            let history = RandomHistory(using: &random)
            guard let difference = history.firstDifference(from: NaiveLedger()) else { continue }
            let shortest = history.shrunk(NaiveLedger())
            Issue.record("seed \(seed): \(difference); shortest history: \(shortest)")
        }
    }

    @Test(
        "a wrong rule is found, and its history shrinks to the few requests that matter",
        arguments: NaiveLedger.Flaw.allCases)
    func findsAndShrinks(_ flaw: NaiveLedger.Flaw) throws {
        let flawed = NaiveLedger(flaw: flaw)
        let found = (UInt64(0)..<200).lazy.compactMap { seed -> RandomHistory? in
            var random = SeededGenerator(seed: seed)
            let history = RandomHistory(using: &random)
            return history.firstDifference(from: flawed) == nil ? nil : history
        }.first

        let shortest = try #require(found).shrunk(flawed)

        #expect(shortest.requests.flatMap(\.commands).count <= 4, "\(shortest)")
    }
}
