import HTTP
import Ledger

/// What became of a batch whose operations happened, or were judged one by one.
struct BatchAnswer: Answer {
    enum Result: Sendable {
        case done(Receipt, isReplayed: Bool)
        case refused(Problem)
    }

    /// One for each operation, in their order.
    let results: [Result]
    let isDryRun: Bool

    /// By hand, as single writes are: a batch has up to a thousand.
    func response() -> Response {
        var body: [UInt8] = []
        body.reserveCapacity(160 * results.count)
        body.append("{\"results\":[")
        for (index, result) in results.enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body.append(result: result)
        }
        body.append("],\"refused\":")
        body.append(decimal: Int64(results.count(where: \.isRefusal)))
        if isDryRun { body.append(",\"dry_run\":true") }
        body.append(UInt8(ascii: "}"))
        return .json(.ok, body)
    }
}

extension BatchAnswer.Result {
    fileprivate var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }
}

extension [UInt8] {
    fileprivate mutating func append(result: BatchAnswer.Result) {
        append("{\"status\":")
        switch result {
        case .refused(let problem):
            append(decimal: Int64(problem.type.status.code))
            append(",\"problem\":")
            append(contentsOf: JSONValue.object(problem.members(instance: nil)).encoded())
        case .done(let receipt, let isReplayed):
            append("200,")
            append(receipt: receipt)
            if isReplayed { append(",\"idempotent_replayed\":true") }
        }
        append(UInt8(ascii: "}"))
    }
}
