import CPostgres
import Logging
import Reactor

/// Owns one PGconn, and finishes it exactly once. Every call into libpq about a connection is here.
///
/// Sendable although it holds a pointer and state: only its event loop may use it, which every
/// access to the PGconn asserts, and only its end may come on another thread, when nobody else has
/// it. The notice receiver keeps an unretained pointer to the session, which is sound because libpq
/// calls it only from within calls made here, and the PGconn does not outlive the session.
final class Session: @unchecked Sendable {
    enum Polling { case read, write, done, failed }
    enum TransactionStatus { case none, open, failed, unknown }

    private let handle: OpaquePointer
    private let loop: EventLoop
    private let logger: Logger
    /// The last message of severity FATAL that came unasked: why the server is about to hang up.
    private var farewell: String?

    /// Begins to connect. Does not block when the parameters name an address or a socket folder.
    init?(
        connecting parameters: [(keyword: String, value: String)], loop: EventLoop, logger: Logger
    ) {
        loop.preconditionOnLoop()
        let started = withCStrings(parameters.map(\.keyword)) { keywords in
            withCStrings(parameters.map(\.value)) { values in
                PQconnectStartParams(keywords, values, 0)
            }
        }
        guard let started else { return nil }
        handle = started
        self.loop = loop
        self.logger = logger
        let receiver: PQnoticeReceiver = { context, result in
            guard let context, let result else { return }
            Unmanaged<Session>.fromOpaque(context).takeUnretainedValue().noticed(result)
        }
        PQsetNoticeReceiver(started, receiver, Unmanaged.passUnretained(self).toOpaque())
    }

    deinit {
        PQfinish(handle)
    }

    private var connection: OpaquePointer {
        loop.preconditionOnLoop()
        return handle
    }

    // MARK: Connecting

    /// -1 when there is none. Changes while connecting, and goes when the connection fails.
    var socket: CInt { PQsocket(connection) }

    var isBad: Bool { PQstatus(connection) == CONNECTION_BAD }

    func poll() -> Polling {
        switch PQconnectPoll(connection) {
        case PGRES_POLLING_OK: .done
        case PGRES_POLLING_READING: .read
        case PGRES_POLLING_WRITING: .write
        default: .failed
        }
    }

    /// After `poll` said done: no call may block, and statements go out in pipelines.
    func prepareForUse() -> Bool {
        PQsetnonblocking(connection, 1) == 0 && PQenterPipelineMode(connection) == 1
    }

    // MARK: Sending

    /// Queues one step of a pipeline. False means that the connection is of no use any more.
    func send(_ step: PipelineStep) -> Bool {
        switch step {
        case .prepare(let statement, let name):
            let types = statement.binds.types
            return PQsendPrepare(
                connection, name, statement.text, CInt(types.count), types) == 1
        case .run(let statement, let name):
            return run(statement, name: name)
        }
    }

    private func run(_ statement: Statement, name: String?) -> Bool {
        let binds = statement.binds
        let count = binds.count
        return binds.bytes.withUnsafeBytes { bytes in
            withUnsafeTemporaryAllocation(of: UnsafePointer<CChar>?.self, capacity: count) {
                values in
                withUnsafeTemporaryAllocation(of: CInt.self, capacity: count) { formats in
                    formats.initialize(repeating: 1)
                    for index in 0..<count {
                        values[index] = bytes.value(
                            at: binds.offsets[index], length: binds.lengths[index])
                    }
                    if let name {
                        return PQsendQueryPrepared(
                            connection, name, CInt(count), values.baseAddress, binds.lengths,
                            formats.baseAddress, 1) == 1
                    }
                    return PQsendQueryParams(
                        connection, statement.text, CInt(count), binds.types,
                        values.baseAddress, binds.lengths, formats.baseAddress, 1) == 1
                }
            }
        }
    }

    /// Ends the pipeline: the server commits what it holds, unless a transaction block is open.
    func sendSync() -> Bool {
        PQpipelineSync(connection) == 1
    }

    /// Leaves pipeline mode, which the simple protocol does not know, until `endScript`.
    func sendScript(_ sql: String) -> Bool {
        PQexitPipelineMode(connection) == 1 && PQsendQuery(connection, sql) == 1
    }

    func endScript() -> Bool {
        PQenterPipelineMode(connection) == 1
    }

    /// False when something is left to send once the socket takes more. A failure to send is not
    /// reported here: what the server said before it hung up is still to be read.
    func flush() -> Bool {
        PQflush(connection) != 1
    }

    // MARK: Receiving

    /// Takes in what the socket has. False means that the connection ended.
    func consumeInput() -> Bool {
        PQconsumeInput(connection) == 1 && !isBad
    }

    /// Whether `nextReply` would have to wait. Also lets libpq handle what came unasked.
    var isBusy: Bool { PQisBusy(connection) == 1 }

    func nextReply() -> Reply {
        guard let result = PQgetResult(connection) else { return .boundary }
        return Reply(ResultHandle(taking: result))
    }

    /// Nobody listens here; what another client of the same pooler asked for is thrown away.
    func discardNotifications() {
        while let notification = PQnotifies(connection) {
            PQfreemem(notification)
        }
    }

    // MARK: State

    var transactionStatus: TransactionStatus {
        switch PQtransactionStatus(connection) {
        case PQTRANS_IDLE: .none
        case PQTRANS_INTRANS: .open
        case PQTRANS_INERROR: .failed
        default: .unknown
        }
    }

    /// The reason for the end in one line, without anything secret.
    var failureText: String {
        if let farewell { return farewell }
        let text = singleLine(String(cString: PQerrorMessage(connection)))
        return text.isEmpty ? "the connection was closed" : text
    }

    /// Nil when there is no connection to cancel anything on.
    func makeCancelRequest() -> CancelRequest? {
        PQgetCancel(connection).map { CancelRequest(taking: $0) }
    }

    private func noticed(_ result: OpaquePointer) {
        guard let message = ResultHandle.serverMessage(of: result) else { return }
        if message.endsConnection {
            farewell = "\(message.sqlState) \(message.message)"
        }
        logger.debug("PostgreSQL notice", metadata: ["notice": "\(message)"])
    }
}

extension UnsafeRawBufferPointer {
    /// Nil is NULL to libpq, so that an empty value needs an address, which is never read.
    fileprivate func value(at offset: Int, length: Int32) -> UnsafePointer<CChar>? {
        guard length >= 0 else { return nil }
        guard length > 0, let baseAddress else { return Self.nothing }
        return baseAddress.advanced(by: offset).assumingMemoryBound(to: CChar.self)
    }

    private static var nothing: UnsafePointer<CChar>? { UnsafePointer(bitPattern: 1) }
}
