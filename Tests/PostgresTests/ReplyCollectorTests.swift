import CPostgres
import Testing

@testable import Postgres

/// Dialogues: what the server says, and what the collector makes of it in the end.
@Suite("ReplyCollector") struct ReplyCollectorTests {
    @Test func `gathers one result a statement until the synchronization`() throws {
        var collector = ReplyCollector(pipeline: ["SELECT 1", "SELECT 2"])
        let verdict = say(&collector, [done, .boundary, done, .boundary, .synchronized])
        #expect(try verdict.outcome().get().count == 2)
    }

    @Test func `ends a script at its first boundary`() throws {
        var collector = ReplyCollector.script
        let verdict = say(&collector, [done, done, .boundary])
        #expect(try verdict.outcome().get().isEmpty)
    }

    @Test func `keeps the first error, with its statement's place`() throws {
        var collector = ReplyCollector(pipeline: ["SELECT 1", "SELECT 2", "SELECT 3"])
        let verdict = say(
            &collector,
            [
                done, .boundary, .failed(failure(.uniqueViolation)), .boundary, .skipped, .boundary,
                .synchronized,
            ])
        let message = try #require(verdict.serverMessage)
        #expect(message.sqlState == .uniqueViolation)
        #expect(message.statementIndex == 1)
    }

    @Test func `gives an error at the commit no place`() throws {
        var collector = ReplyCollector(pipeline: ["SELECT 1", "SELECT 2"])
        let verdict = say(
            &collector,
            [
                done, .boundary, done, .boundary, .failed(failure(.foreignKeyViolation)),
                .synchronized,
            ])
        let message = try #require(verdict.serverMessage)
        #expect(message.statementIndex == nil)
    }

    @Test(arguments: [
        [fatal], [done, .boundary, fatal],
        // A pooler's, which may come in the place of a server's that has committed.
        [.failed(failure(SQLState(rawValue: "08P01"), severity: "FATAL"))],
        [.broken("server closed the connection unexpectedly")],
    ])
    func `gives the connection up with its last message`(_ replies: [Reply]) {
        var collector = ReplyCollector(pipeline: ["INSERT"])
        #expect(say(&collector, replies).isLost)
    }

    @Test func `gives COPY up`() {
        var collector = ReplyCollector.script
        #expect(say(&collector, [.copy]).isLost)
    }

    @Test func `takes the preparations between the statements for what they are`() throws {
        var collector = ReplyCollector(pipeline: [
            .prepare("SELECT 1", name: "one"), .run("SELECT 1", name: "one"),
            .prepare("SELECT 2", name: "two"), .run("SELECT 2", name: "two"),
        ])
        let verdict = say(
            &collector,
            [
                done, .boundary, done, .boundary, .failed(failure(.undefinedTable)), .boundary,
                .skipped, .boundary, .synchronized,
            ])
        #expect(verdict.serverMessage?.statementIndex == 1)
        #expect(collector.preparedNames == ["one"])
    }

    private func say(_ collector: inout ReplyCollector, _ replies: [Reply])
        -> ReplyCollector.Verdict
    {
        var verdict = ReplyCollector.Verdict.more
        for reply in replies {
            guard case .more = verdict else { return verdict }
            verdict = collector.receive(reply)
        }
        return verdict
    }
}

private let fatal = Reply.failed(failure(.adminShutdown, severity: "FATAL"))

private func failure(_ state: SQLState, severity: String = "ERROR") -> ServerMessage {
    ServerMessage(severity: severity, sqlState: state, message: "test")
}

/// A statement without rows, done.
private var done: Reply {
    guard let result = PQmakeEmptyPGresult(nil, PGRES_COMMAND_OK) else {
        preconditionFailure("out of memory")
    }
    return Reply(ResultHandle(taking: result))
}

extension ReplyCollector {
    fileprivate init(pipeline statements: [Statement]) {
        self.init(pipeline: statements.map { PipelineStep.run($0, name: nil) })
    }
}

extension ReplyCollector.Verdict {
    var serverMessage: ServerMessage? {
        guard case .finished(.failure(.server(let message))) = self else { return nil }
        return message
    }

    var isLost: Bool {
        if case .lost = self { true } else { false }
    }

    func outcome() throws -> Result<[Rows], PostgresError> {
        guard case .finished(let outcome) = self else { throw PostgresError.cancelled }
        return outcome
    }
}
