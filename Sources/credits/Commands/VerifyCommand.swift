import ArgumentParser
import Glibc
import Ledger
import Logging

/// `credits verify`: the proof that the ledger adds up.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Prove that every balance is what its ledger entries say.",
        discussion: """
            For every user: each entry leaves the balance before it plus its amount, and is not \
            dated before it; the balance is what the last entry left, and names it; nothing is \
            below zero or above the limit; transfers and reversals match what they name, and \
            nothing is reversed twice. Every user that fails is named with what was seen, and the \
            exit code is then 1. The service may go on meanwhile: nothing is locked.

            EXAMPLES:
              credits verify
              credits verify --json --chunk 100000
            """)

    @Option(help: "Ledger entries to look at in one transaction.") var chunk = 500_000
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var options: DatabaseOptions

    func validate() throws {
        guard (1...100_000_000).contains(chunk) else {
            throw ValidationError("--chunk must be 1 to 100000000 entries")
        }
    }

    func run() async throws {
        try await options.withTables { database, _, logger in
            var verification = LedgerVerifier.Settings()
            verification.chunkSize = chunk
            let report = try await verify(
                LedgerVerifier(pool: database.pool, settings: verification, logger: logger))
            StandardStream.output.write(json ? try report.json() : report.text)
            guard report.isClean else { throw ExitCode(ProgramStatus.failure.rawValue) }
        }
    }

    private func verify(_ verifier: LedgerVerifier) async throws -> VerifyReport {
        let bar = ProgressBar(isShown: isatty(StandardStream.error.rawValue) == 1)
        let clock = ContinuousClock()
        let start = clock.now
        var report = VerifyReport()
        do {
            let looked = try await verifier.run { progress, discrepancies in
                bar.clear()
                report.add(discrepancies)
                bar.show(progress, after: clock.now - start)
            }
            bar.clear()
            report.finish(looked, after: clock.now - start)
        } catch {
            bar.clear()
            throw error
        }
        return report
    }
}
