import HTTP
import Ledger

/// SQL for the schema, and how it is to be taken.
struct SchemaUpdateRequest: RequestInput {
    static let retries = 0...10

    let change: SchemaChangeRequest

    init(_ request: IncomingRequest) throws(Problem) {
        var body = try BodyReader(request)
        let sql = body.text("sql", "the SQL to run")
        let isDryRun = body.flag("dry_run")
        let plan = body.planHash()
        let retries = body.count("retry", Self.retries)
        guard let sql, body.errors.isEmpty else { throw body.problem }
        var change = SchemaChangeRequest(sql: sql, requestID: request.id.text)
        change.actor = request.actor
        change.isDryRun = isDryRun ?? false
        change.expectedPlan = plan
        change.retries = retries ?? 0
        self.change = change
    }
}

/// SQL of which it is only asked what it would do.
struct SchemaPlanRequest: RequestInput {
    let change: SchemaChangeRequest

    init(_ request: IncomingRequest) throws(Problem) {
        var body = try BodyReader(request)
        guard let sql = body.text("sql", "the SQL to plan") else { throw body.problem }
        var change = SchemaChangeRequest(sql: sql, requestID: request.id.text)
        change.actor = request.actor
        change.isDryRun = true
        self.change = change
    }
}

extension BodyReader {
    static let planHashPattern = "^[0-9a-f]{64}$"

    /// nil where there is none; a null counts as none.
    fileprivate mutating func planHash() -> String? {
        guard let value = object["plan_hash"], value != .null else { return nil }
        guard case .string(let text) = value, text.utf8.count == 64,
            text.allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else {
            return refuse(
                "plan_hash", "plan_hash must be the plan_hash of an earlier plan, unchanged.")
        }
        return text
    }

    /// nil where there is none.
    fileprivate mutating func count(_ member: String, _ range: ClosedRange<Int>) -> Int? {
        guard let value = object[member] else { return nil }
        guard case .number(let number) = value, case .exactly(let integer) = number.wholeNumber,
            let count = Int(exactly: integer), range.contains(count)
        else {
            return refuse(
                member,
                "\(member) must be a whole number from \(range.lowerBound) to \(range.upperBound).")
        }
        return count
    }
}
