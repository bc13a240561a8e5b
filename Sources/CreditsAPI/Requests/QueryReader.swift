import HTTP
import Ledger

/// Reads a request's query parameters, and gathers what is wrong with each.
///
/// A parameter that the call does not have is refused, not ignored: a filter with a typing error in
/// its name would otherwise answer with everything.
struct QueryReader {
    private var values: [String: [String]] = [:]
    private(set) var errors: [FieldError] = []

    /// - Parameters:
    ///   - names: what may be given once.
    ///   - repeatable: what may be given several times.
    ///   - ignoresOthers: for a call that had no parameters when its clients were written.
    init(
        _ request: IncomingRequest, _ names: [String], repeatable: [String] = [],
        ignoresOthers: Bool = false
    ) {
        for (name, value) in request.request.target.queryItems {
            if !names.contains(name), !repeatable.contains(name) {
                if !ignoresOthers { refuse(name, Self.listing(names + repeatable)) }
            } else if values[name] != nil, !repeatable.contains(name) {
                refuse(name, "\(name) may be given once.")
            } else {
                values[name, default: []].append(value)
            }
        }
    }

    private static func listing(_ names: [String]) -> String {
        guard let last = names.last else { return "This call has no query parameters." }
        guard names.count > 1 else {
            return "This call has the query parameter \(names.joined()), and no other."
        }
        return "This call has the query parameters \(names.dropLast().joined(separator: ", ")) and "
            + "\(last), and no other."
    }

    var problem: Problem { .invalid(errors) }

    mutating func refuse(_ name: String, _ detail: String) {
        errors.append(FieldError(place: .parameter(name, in: .query), detail: detail))
    }

    // MARK: - Parameters

    /// nil, and an entry in `errors`, where a value is given that `read` has no use for.
    mutating func value<Value>(
        _ name: String, _ detail: String, _ read: (String) -> Value?
    ) -> Value? {
        guard let text = values[name]?.first else { return nil }
        guard let value = read(text) else {
            refuse(name, detail)
            return nil
        }
        return value
    }

    /// All values of a name that may be given several times.
    mutating func all<Value>(
        _ name: String, _ detail: String, _ read: (String) -> Value?
    ) -> [Value] {
        let texts = values[name] ?? []
        let found = texts.compactMap(read)
        if found.count < texts.count { refuse(name, detail) }
        return found
    }

    mutating func limit(_ limits: ClosedRange<Int>, default usual: Int) -> Int {
        let range = "\(limits.lowerBound) to \(limits.upperBound)"
        return value("limit", "limit must be a whole number from \(range).") { text in
            // Int takes a sign too.
            guard text.utf8.first != UInt8(ascii: "+"), let limit = Int(text) else { return nil }
            return limits.contains(limit) ? limit : nil
        } ?? usual
    }

    mutating func cursor<Cursor>(_ read: (String) -> Cursor?) -> Cursor? {
        value(
            "cursor", "cursor must be the next_cursor of an earlier answer, unchanged.", read)
    }

    mutating func moment(_ name: String) -> Timestamp? {
        value(name, "\(name) must be a time as in RFC 3339: 2026-11-22T07:18:29.093827Z.") { text in
            // The sign of an offset arrives as a space where nobody encoded it.
            Timestamp(rfc3339: text.replacing(" ", with: "+"))
        }
    }
}

extension IncomingRequest {
    /// For a call that changes something and has no query parameters: `?dry_run=true` would
    /// otherwise do what it was only to foretell.
    func refuseQuery() throws(Problem) {
        guard request.target.query != nil else { return }
        let query = QueryReader(self, [])
        guard query.errors.isEmpty else { throw query.problem }
    }
}
