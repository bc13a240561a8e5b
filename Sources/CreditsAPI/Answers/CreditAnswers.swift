import HTTP
import Ledger

// The answers of the credit calls. Nearly all traffic ends here, so their bodies are written by
// hand, once, below: an encoder that knows no shapes costs more than the rest of the server.

extension Account: Answer {
    func response() -> Response {
        var body: [UInt8] = []
        body.reserveCapacity(128)
        body.append(UInt8(ascii: "{"))
        body.append(balance: credits, of: user, since: lastUpdated)
        body.append(UInt8(ascii: "}"))
        return .json(.ok, body)
    }
}

/// What became of a write that was made, now or under the same key before, or would be made.
struct WriteAnswer: Answer {
    let receipt: Receipt
    let isReplayed: Bool
    let isDryRun: Bool

    func response() -> Response {
        var body: [UInt8] = []
        body.reserveCapacity(128)
        body.append(UInt8(ascii: "{"))
        body.append(receipt: receipt)
        if isDryRun { body.append(",\"dry_run\":true") }
        body.append(UInt8(ascii: "}"))
        var response = Response.json(.ok, body)
        if isReplayed { response.fields.append(.idempotentReplayed, "true") }
        return response
    }
}

extension [UInt8] {
    /// `"user_id":1,"credits":20,"last_updated":"…"`: clients of the service that this one replaces
    /// rely on these three and their order.
    fileprivate mutating func append(
        balance credits: Int64, of user: UserID, since lastUpdated: Timestamp
    ) {
        append("\"user_id\":")
        append(decimal: user.rawValue)
        append(",\"credits\":")
        append(decimal: credits)
        append(",\"last_updated\":\"")
        append(rfc3339: lastUpdated)
        append(UInt8(ascii: "\""))
    }

    mutating func append(receipt: Receipt) {
        append(balance: receipt.credits, of: receipt.user, since: receipt.lastUpdated)
        if let transactionID = receipt.transactionID {
            append(",\"transaction_id\":")
            append(decimal: transactionID)
        }
        if let related = receipt.related {
            append(",\"related_user_id\":")
            append(decimal: related.user.rawValue)
            append(",\"related_transaction_id\":")
            append(decimal: related.transactionID)
        }
    }
}
