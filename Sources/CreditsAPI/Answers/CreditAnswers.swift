import HTTP
import Ledger

// The answers of the four credit calls. Nearly all traffic ends here, so their bodies are written
// by hand, once, below: an encoder that knows no shapes costs more than the rest of the server.

extension Account: Answer {
    func response() -> Response {
        .json(.ok, CreditBody.bytes(user, credits, lastUpdated, transactionID: nil))
    }
}

/// What became of a write that was made, now or under the same key before.
struct WriteAnswer: Answer {
    let receipt: Receipt
    let isReplayed: Bool

    func response() -> Response {
        let body = CreditBody.bytes(
            receipt.user, receipt.credits, receipt.lastUpdated,
            transactionID: receipt.transactionID)
        var response = Response.json(.ok, body)
        if isReplayed { response.fields.append(.idempotentReplayed, "true") }
        return response
    }
}

private enum CreditBody {
    /// `{"user_id":1,"credits":20,"last_updated":"…","transaction_id":7}`: clients of the service
    /// that this one replaces rely on the first three and their order.
    static func bytes(
        _ user: UserID, _ credits: Int64, _ lastUpdated: Timestamp, transactionID: Int64?
    ) -> [UInt8] {
        var body: [UInt8] = []
        body.reserveCapacity(128)
        body.append(contentsOf: "{\"user_id\":".utf8)
        body.append(contentsOf: String(user.rawValue).utf8)
        body.append(contentsOf: ",\"credits\":".utf8)
        body.append(contentsOf: String(credits).utf8)
        body.append(contentsOf: ",\"last_updated\":\"".utf8)
        body.append(contentsOf: lastUpdated.rfc3339.utf8)
        body.append(UInt8(ascii: "\""))
        if let transactionID {
            body.append(contentsOf: ",\"transaction_id\":".utf8)
            body.append(contentsOf: String(transactionID).utf8)
        }
        body.append(UInt8(ascii: "}"))
        return body
    }
}
