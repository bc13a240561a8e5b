import ArgumentParser
import HTTPServer
import Ledger
import Postgres
import PrivatePostgres
import Reactor
import Testing

@testable import credits

struct ErrorExplanationTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let error: any Error
        let status: ProgramStatus
        let words: String
        var testDescription: String { "\(error)" }
    }

    @Test(arguments: [
        Row(
            error: BadConfiguration(problems: ["PORT: x"]), status: .configuration, words: "PORT: x"
        ),
        Row(
            error: PostgresError.cannotConnect("refused"), status: .databaseUnavailable,
            words: "refused"),
        Row(error: PostgresError.deadlineExceeded, status: .failure, words: "deadline"),
        Row(error: LedgerError.unavailable, status: .databaseUnavailable, words: "does not answer"),
        Row(error: LedgerError.outcomeUnknown, status: .failure, words: "again is safe"),
        Row(error: LedgerError.failed("x"), status: .internalFault, words: "x"),
        Row(
            error: PrivateClusterError.notInstalled(searched: ["PATH"]),
            status: .databaseUnavailable, words: "apt-get install"),
        Row(
            error: ServerError.cannotResolve(host: "nowhere", reason: "unknown"),
            status: .configuration, words: "HOST: nowhere"),
        Row(
            error: ServerError.cannotListen(
                host: "h", port: 8000, SystemError(call: "bind", code: 98)),
            status: .system, words: "PORT=8001"),
        Row(
            error: ServerError.cannotListen(
                host: "h", port: 80, SystemError(call: "bind", code: 13)),
            status: .system, words: "needs a privilege"),
        Row(
            error: ServerError.cannotListen(
                host: "192.0.2.1", port: 80, SystemError(call: "bind", code: 99)),
            status: .configuration, words: "no address 192.0.2.1"),
        Row(error: SystemError(call: "epoll_create1", code: 24), status: .system, words: "epoll"),
    ])
    func `an error of a layer below becomes a sentence and an exit code`(_ row: Row) {
        let failure = ProgramFailure(explaining: row.error)
        #expect(failure?.status == row.status)
        #expect(failure?.description.contains(row.words) == true, "\(failure?.description ?? "")")
    }

    @Test func `errors of the command line are left to the parser`() {
        #expect(ProgramFailure(explaining: ValidationError("x"))?.status == nil)
        #expect(ProgramFailure(explaining: ExitCode(1))?.status == nil)
    }

    @Test func `help lists every exit code`() {
        for status in ProgramStatus.allCases {
            #expect(ProgramStatus.help.contains("\n  \(status.rawValue) "))
            #expect(ProgramStatus.help.contains(status.explanation))
        }
    }
}
