import Dispatch
package import Logging
package import Reactor

// Theory of operation
//
// The actor runs on its event loop, and so does libpq, which never blocks: the socket is registered
// with the loop for reading, and for writing only while libpq holds bytes that the kernel did not
// take. Operations run one at a time, in the order of their calls. An operation is sent whole, as a
// pipeline of extended-protocol statements under one synchronization (of what outlives it in the
// session, the prepared statements, see `StatementNames`), or as a simple-protocol script. Replies
// go through a `ReplyCollector` until it says that the operation is over. When an operation's
// deadline passes, or its task is cancelled, a thread asks the server to cancel; the operation ends
// only when the server has answered and that request is done, so that a late cancellation never
// hits the next operation, and the request is repeated until then. A server that stays silent loses
// the connection. A lost connection never comes back: `isUsable` turns false, and every call fails.

/// One connection to PostgreSQL, for one user at a time. It lives until `close()` or its loss.
package actor Connection {
    package nonisolated let loop: EventLoop
    let settings: ConnectionSettings
    let logger: Logger
    private var session: Session?
    private var registration: Registration?
    private var current: Operation?
    private var waiting: [Operation] = []
    private var names: StatementNames
    /// Prepared statements of this connection have lost their tables' shape.
    private var hasStalePlans = false
    private var lastOperationID: UInt64 = 0
    private var isCancelRequestUnderWay = false
    /// Why there is no connection any more.
    private var ending: PostgresError?
    /// The server refused to write: it is a standby by now, and a new connection may find the
    /// primary.
    private var isReadOnly = false
    private var onEnd: (@Sendable () -> Void)?

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        loop.asUnownedSerialExecutor()
    }

    private init(loop: EventLoop, settings: ConnectionSettings, logger: Logger) {
        self.loop = loop
        self.settings = settings
        self.logger = logger
        names = StatementNames(trust: settings.names)
    }

    /// Connects and logs in, trying the address's hosts in their order.
    package static func open(
        _ address: DatabaseAddress, on loop: EventLoop, settings: ConnectionSettings,
        logger: Logger
    ) async throws(PostgresError) -> Connection {
        let connection = Connection(loop: loop, settings: settings, logger: logger)
        try await connection.connect(to: address)
        return connection
    }

    private func connect(to address: DatabaseAddress) async throws(PostgresError) {
        let connector = Connector(address: address, loop: loop, settings: settings, logger: logger)
        let session = try await connector.connect()
        guard session.prepareForUse() else { throw .cannotConnect(session.failureText) }
        do throws(SystemError) {
            registration = try loop.register(session.socket, for: .read) { _ in
                self.assumeIsolated { $0.socketIsReady() }
            }
        } catch {
            throw .cannotConnect("\(error)")
        }
        self.session = session
    }

    /// Whether the connection stands, as far as is known without asking the server.
    package var isUsable: Bool { ending == nil }

    /// Whether the server holds a transaction open for us, failed or not.
    package var isInTransaction: Bool {
        guard let session else { return false }
        return session.transactionStatus != .none
    }

    /// Whether nothing is asked and nothing is left over: another user may take the connection.
    var isClean: Bool {
        isUsable && current == nil && waiting.isEmpty && !isInTransaction && !isReadOnly
            && !hasStalePlans
    }

    /// Ends the connection at once. An operation that is under way fails as if the connection were
    /// lost. Idempotent.
    package func close() {
        end(because: "closed")
    }

    /// Calls `action` on the loop when the connection ends, for whatever reason.
    /// - Returns: the reason where it has ended already; `action` is not called then.
    func whenEnded(_ action: @escaping @Sendable () -> Void) -> PostgresError? {
        if ending == nil { onEnd = action }
        return ending
    }

    // MARK: Operations

    /// Runs one statement; binds and results travel in binary form.
    ///
    /// Outside a transaction the statement commits by itself.
    @discardableResult
    package func run(
        _ statement: Statement, deadline: Duration? = nil
    ) async throws(PostgresError) -> Rows {
        let results = try await perform(.pipeline([statement]), deadline: deadline)
        guard let rows = results.first else { throw .connectionLost("a statement got no answer") }
        return rows
    }

    /// Runs the statements in one round trip. Outside a transaction block they are one transaction
    /// together. The first error skips the rest, and carries its statement's index.
    @discardableResult
    package func runPipeline(
        _ statements: [Statement], deadline: Duration? = nil
    ) async throws(PostgresError) -> [Rows] {
        try await perform(.pipeline(statements), deadline: deadline)
    }

    /// Runs a script of any number of statements by the simple protocol: trusted text, no binds,
    /// and no rows back.
    package func runScript(_ sql: String, deadline: Duration? = nil) async throws(PostgresError) {
        _ = try await perform(.script(sql), deadline: deadline)
    }

    /// Runs one operation to its end. `isStoppable` is whether the task's cancellation concerns it.
    func perform(
        _ request: Operation.Request, deadline: Duration?, isStoppable: Bool = true
    ) async throws(PostgresError) -> [Rows] {
        if let fault = request.fault { throw .notSendable(fault) }
        lastOperationID += 1
        let id = lastOperationID
        guard isStoppable else {
            return try await answer(to: request, id: id, deadline: deadline).get()
        }
        let result: Result<[Rows], PostgresError> = await withTaskCancellationHandler {
            await answer(to: request, id: id, deadline: deadline, unlessCancelled: true)
        } onCancel: {
            loop.execute { self.assumeIsolated { $0.stop(id, because: .cancelled) } }
        }
        return try result.get()
    }

    private func answer(
        to request: Operation.Request, id: UInt64, deadline: Duration?,
        unlessCancelled: Bool = false
    ) async -> Result<[Rows], PostgresError> {
        await withCheckedContinuation { continuation in
            // In one step with joining the line, since an `await` may let others go first: nobody
            // would answer what is left to a connection after its end, and a cancellation is either
            // seen now or comes as a stop later.
            if let ending { return continuation.resume(returning: .failure(ending)) }
            if unlessCancelled, Task.isCancelled {
                return continuation.resume(returning: .failure(.cancelled))
            }
            let operation = Operation(id: id, request: request, continuation: continuation)
            if let deadline = deadline ?? settings.statementDeadline {
                operation.timer = loop.schedule(after: deadline) {
                    self.assumeIsolated { $0.stop(id, because: .deadlineExceeded) }
                }
            }
            waiting.append(operation)
            startNext()
        }
    }

    private func startNext() {
        guard current == nil, let session, !waiting.isEmpty else { return }
        let operation = waiting.removeFirst()
        current = operation
        operation.mayCommit = operation.mayCommit(
            inTransaction: session.transactionStatus != .none)
        guard send(operation, to: session) else {
            return end(because: session.failureText)
        }
        flush(session)
    }

    private func send(_ operation: Operation, to session: Session) -> Bool {
        switch operation.request {
        case .script(let sql):
            operation.collector = .script
            return session.sendScript(sql)
        case .pipeline(let statements):
            let steps = names.steps(for: statements)
            operation.collector = ReplyCollector(pipeline: steps)
            return steps.allSatisfy { session.send($0) } && session.sendSync()
        }
    }

    // MARK: The socket

    private func socketIsReady() {
        guard let session else { return }
        let isAlive = session.consumeInput()
        readReplies(from: session)
        guard isUsable else { return }
        guard isAlive else { return end(because: session.failureText) }
        session.discardNotifications()
        flush(session)
    }

    private func flush(_ session: Session) {
        let isDone = session.flush()
        guard !session.isBad else {
            return end(because: session.failureText)
        }
        registration?.update(isDone ? .read : [.read, .write])
    }

    /// Asks libpq even when nothing is under way: it then handles what the server sent unasked.
    private func readReplies(from session: Session) {
        while isUsable, !session.isBusy, let operation = current, operation.outcome == nil {
            switch operation.collector.receive(session.nextReply()) {
            case .more:
                continue
            case .finished(let outcome):
                operation.outcome = outcome
                finishCurrent()
            case .lost(let reason):
                end(because: reason)
            }
        }
    }

    /// Ends the operation that was answered, once nothing of it can disturb the next one.
    private func finishCurrent() {
        guard let operation = current, let outcome = operation.outcome else { return }
        guard !isCancelRequestUnderWay else { return }
        if case .script = operation.request, let session, !session.endScript() {
            return end(because: session.failureText)
        }
        current = nil
        names.settle(confirmed: operation.collector.preparedNames)
        if case .failure(.server(let message)) = outcome {
            isReadOnly = isReadOnly || message.sqlState == .readOnlyTransaction
            if message.isOfStaleName, operation.collector.hasFailedUnderName {
                giveUpNames(because: message)
                guard !operation.canBeSentAgain else { return sendAgain(operation) }
            }
        }
        operation.end(operation.judged(outcome))
        startNext()
    }

    private func sendAgain(_ operation: Operation) {
        operation.outcome = nil
        waiting.insert(operation, at: 0)
        startNext()
    }

    /// Here at least; everywhere, where a pooler is in between. No operation comes here twice.
    private func giveUpNames(because message: ServerMessage) {
        logger.debug("prepared statements given up", metadata: ["reason": "\(message)"])
        if message.contradictsNames { settings.names.withdraw() }
        hasStalePlans = message.outdatesPlan
        names = StatementNames(trust: NameTrust(isGiven: false))
    }

    // MARK: Stopping

    private func stop(_ id: UInt64, because reason: PostgresError) {
        if let index = waiting.firstIndex(where: { $0.id == id }) {
            waiting.remove(at: index).end(.failure(reason))
            return
        }
        guard let operation = current, operation.id == id, operation.stopReason == nil else {
            return
        }
        operation.stopReason = reason
        operation.timer?.cancel()
        operation.timer = loop.schedule(after: settings.cancelGrace) {
            self.assumeIsolated {
                $0.end(because: "no answer to a cancel request")
            }
        }
        requestCancel()
    }

    /// libpq's request blocks, so a thread of Dispatch's makes it.
    private func requestCancel() {
        guard let request = session?.makeCancelRequest() else { return }
        isCancelRequestUnderWay = true
        DispatchQueue.global().async { [loop] in
            request.send()
            loop.execute { self.assumeIsolated { $0.cancelRequestEnded() } }
        }
    }

    /// A request that overtook its statement found the server idle and was ignored: it is repeated
    /// until there is an answer.
    private func cancelRequestEnded() {
        isCancelRequestUnderWay = false
        finishCurrent()
        guard let operation = current, operation.stopReason != nil else { return }
        let id = operation.id
        let pause = min(settings.cancelGrace / 10, .milliseconds(100))
        operation.cancelTimer = loop.schedule(after: pause) {
            self.assumeIsolated { if $0.current?.id == id { $0.requestCancel() } }
        }
    }

    private func end(because reason: String) {
        guard isUsable else { return }
        ending = .connectionLost(reason)
        registration?.cancel()
        registration = nil
        session = nil
        logger.debug("connection to PostgreSQL ended", metadata: ["reason": "\(reason)"])
        let stranded = waiting
        waiting = []
        if let operation = current {
            current = nil
            let loss = operation.failure(onLoss: reason)
            operation.end(operation.outcome.map(operation.judged) ?? .failure(loss))
        }
        // These were never sent.
        for operation in stranded { operation.end(.failure(.connectionLost(reason))) }
        onEnd?()
        onEnd = nil
    }
}
