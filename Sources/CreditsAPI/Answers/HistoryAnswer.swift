import HTTP
import Ledger

/// A page of a user's ledger, and where the next one is.
struct HistoryAnswer: Answer {
    let request: HistoryRequest
    let page: HistoryPage

    func response() -> Response {
        var response = Response.json(.ok, body)
        if let next { response.fields.append(.link, "<\(link(to: next))>; rel=\"next\"") }
        return response
    }

    /// nil on the last page.
    private var next: HistoryCursor? {
        page.next.map { HistoryCursor(end: $0, of: request.user, request.filter) }
    }

    // MARK: - Body

    private var body: [UInt8] {
        var body = Array("{\"user_id\":\(request.user.rawValue),\"transactions\":[".utf8)
        body.reserveCapacity(256 * (page.entries.count + 1))
        for (index, entry) in page.entries.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(entry: entry)
        }
        body.append(contentsOf: "],\"next_cursor\":".utf8)
        body.append(text: next?.text)
        body.append(UInt8(ascii: "}"))
        return body
    }

    // MARK: - Link (RFC 8288)

    private func link(to next: HistoryCursor) -> String {
        let items =
            [("limit", "\(request.limit)"), ("cursor", next.text)]
            + HistoryQuery.items(of: request.filter)
        let query = items.map { "\($0)=\(Self.encoded($1))" }.joined(separator: "&")
        return "/api/credits/\(request.user.rawValue)/transactions?\(query)"
    }

    /// All but unreserved characters percent-encoded (RFC 3986, 2.3).
    private static func encoded(_ value: String) -> String {
        var text = ""
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                text += (byte < 0x10 ? "%0" : "%") + digits
            }
        }
        return text
    }
}

extension [UInt8] {
    /// By hand, as balances are: a page has up to two hundred.
    fileprivate mutating func append(entry: HistoryEntry) {
        append(contentsOf: "{\"transaction_id\":\(entry.transactionID)".utf8)
        append(contentsOf: ",\"kind\":\"\(entry.kind.rawValue)\"".utf8)
        append(contentsOf: ",\"amount\":\(entry.amount)".utf8)
        append(contentsOf: ",\"balance_after\":\(entry.balanceAfter)".utf8)
        append(contentsOf: ",\"reason\":".utf8)
        append(text: entry.reason)
        // It is JSON already: PostgreSQL lets nothing else into the column.
        append(contentsOf: ",\"metadata\":\(entry.metadata ?? "null")".utf8)
        append(contentsOf: ",\"idempotency_key\":".utf8)
        append(text: entry.idempotencyKey)
        append(contentsOf: ",\"created_at\":\"\(entry.createdAt.rfc3339)\"".utf8)
        if let related = entry.related {
            append(contentsOf: ",\"related_user_id\":\(related.user)".utf8)
            append(contentsOf: ",\"related_transaction_id\":\(related.transactionID)".utf8)
        }
        if let actor = entry.actor {
            append(contentsOf: ",\"actor\":".utf8)
            appendJSONString(actor)
        }
        append(UInt8(ascii: "}"))
    }

    fileprivate mutating func append(text: String?) {
        guard let text else { return append(contentsOf: "null".utf8) }
        appendJSONString(text)
    }
}
