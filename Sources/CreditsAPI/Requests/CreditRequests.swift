import HTTP
import Ledger

/// A user's number, and nothing else.
struct UserRequest: RequestInput {
    let user: UserID

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
    }
}

/// A user who is to be deleted.
struct DeletionRequest: RequestInput {
    let user: UserID
    let origin: Origin

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
        origin = request.origin
    }
}

/// A write that moves an amount.
struct AmountRequest: RequestInput {
    let frame: WriteFrame
    let amount: CreditAmount
    let annotations: Annotations

    init(_ request: IncomingRequest) throws(Problem) {
        frame = try WriteFrame(request)
        var body = try BodyReader(request)
        let amount = body.amount()
        annotations = Annotations(reading: &body)
        guard let amount, body.errors.isEmpty else { throw body.problem }
        self.amount = amount
    }
}

/// A write that needs no body.
struct ResetRequest: RequestInput {
    let frame: WriteFrame
    let annotations: Annotations

    init(_ request: IncomingRequest) throws(Problem) {
        frame = try WriteFrame(request)
        var body = try BodyReader(request, isRequired: false)
        annotations = Annotations(reading: &body)
        guard body.errors.isEmpty else { throw body.problem }
    }
}

/// A write that moves an amount to another user.
struct TransferRequest: RequestInput {
    let frame: WriteFrame
    let recipient: UserID
    let amount: CreditAmount
    let annotations: Annotations

    init(_ request: IncomingRequest) throws(Problem) {
        frame = try WriteFrame(request)
        var body = try BodyReader(request)
        let recipient = body.userID("to")
        let amount = body.amount()
        annotations = Annotations(reading: &body)
        guard let recipient, let amount, body.errors.isEmpty else { throw body.problem }
        self.recipient = recipient
        self.amount = amount
    }
}

/// A write that undoes another one; it needs no body.
struct ReversalRequest: RequestInput {
    let frame: WriteFrame
    let transactionID: Int64
    let annotations: Annotations

    init(_ request: IncomingRequest) throws(Problem) {
        frame = try WriteFrame(request)
        transactionID = try request.transactionID()
        var body = try BodyReader(request, isRequired: false)
        annotations = Annotations(reading: &body)
        guard body.errors.isEmpty else { throw body.problem }
    }
}

/// What a write to one user says outside of its body.
struct WriteFrame: Sendable {
    private let user: UserID
    private let key: IdempotencyKey?
    private let isDryRun: Bool
    private let actor: ActorName?

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
        key = try request.idempotencyKey()
        isDryRun = try request.isDryRun()
        actor = request.actor
    }

    func request(_ change: Change, _ annotations: Annotations) -> WriteRequest {
        WriteRequest(
            Command(
                user: user, change: change, reason: annotations.reason,
                metadata: annotations.metadata, idempotencyKey: key, actor: actor),
            isDryRun: isDryRun)
    }
}

/// What any write may carry.
struct Annotations: Sendable {
    let reason: Reason?
    let metadata: Metadata?

    init(reading body: inout BodyReader) {
        reason = body.reason()
        metadata = body.metadata()
    }
}

extension IncomingRequest {
    /// Whether the request only asks what would happen.
    ///
    /// A query parameter of another name is refused, as everywhere: a dry run with a typing error
    /// in its name would otherwise move credits.
    func isDryRun() throws(Problem) -> Bool {
        guard request.target.query != nil else { return false }
        var query = QueryReader(self, ["dry_run"])
        let isDryRun = query.value("dry_run", "dry_run must be true or false.") { text in
            ["true": true, "false": false][text]
        }
        guard query.errors.isEmpty else { throw query.problem }
        return isDryRun ?? false
    }

    fileprivate func transactionID() throws(Problem) -> Int64 {
        guard let id = positiveNumber("transaction_id") else {
            let detail = "The transaction id must be a whole number from 1 to \(Int64.max)."
            throw .invalid(.parameter("transaction_id", in: .path), detail)
        }
        return id
    }
}
