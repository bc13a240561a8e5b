import HTTP
import Ledger

/// A user's number, and nothing else.
struct UserRequest: RequestInput {
    let user: UserID

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
    }
}

/// A write that moves an amount.
struct AmountRequest: RequestInput {
    let user: UserID
    let amount: CreditAmount
    let annotations: Annotations

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
        let key = try request.idempotencyKey()
        var body = try BodyReader(request)
        let amount = body.amount()
        annotations = Annotations(reading: &body, key: key)
        guard let amount, body.errors.isEmpty else { throw body.problem }
        self.amount = amount
    }
}

/// A write that needs no body.
struct ResetRequest: RequestInput {
    let user: UserID
    let annotations: Annotations

    init(_ request: IncomingRequest) throws(Problem) {
        user = try request.userID()
        let key = try request.idempotencyKey()
        var body = try BodyReader(request, isRequired: false)
        annotations = Annotations(reading: &body, key: key)
        guard body.errors.isEmpty else { throw body.problem }
    }
}

/// What any write may carry.
struct Annotations: Sendable {
    let reason: Reason?
    let metadata: Metadata?
    let key: IdempotencyKey?

    init(reading body: inout BodyReader, key: IdempotencyKey?) {
        reason = body.reason()
        metadata = body.metadata()
        self.key = key
    }

    func command(_ change: Change, for user: UserID) -> Command {
        Command(
            user: user, change: change, reason: reason, metadata: metadata, idempotencyKey: key)
    }
}
