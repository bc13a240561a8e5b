import HTTP
import Ledger

/// Which page of users is asked for.
struct UserPageRequest: RequestInput {
    static let limits = 1...200
    static let defaultLimit = 50

    let after: UserID?
    let limit: Int

    init(_ request: IncomingRequest) throws(Problem) {
        var values: [String: String] = [:]
        var errors: [FieldError] = []
        func refuse(_ name: String, _ detail: String) {
            errors.append(FieldError(place: .parameter(name, in: .query), detail: detail))
        }
        for (name, value) in request.request.target.queryItems {
            if !["limit", "cursor"].contains(name) {
                refuse(name, "This call has the query parameters limit and cursor, and no other.")
            } else if values.updateValue(value, forKey: name) != nil {
                refuse(name, "\(name) may be given once.")
            }
        }
        let limit = values["limit"].map(Self.limit(reading:)) ?? Self.defaultLimit
        if limit == nil {
            let range = "\(Self.limits.lowerBound) to \(Self.limits.upperBound)"
            refuse("limit", "limit must be a whole number from \(range).")
        }
        let cursor = values["cursor"].map(UserCursor.init(reading:)) ?? UserCursor(after: 0)
        if cursor == nil {
            refuse("cursor", "cursor must be the next_cursor of an earlier answer, unchanged.")
        }
        guard errors.isEmpty, let limit, let cursor else { throw .invalid(errors) }
        self.limit = limit
        after = UserID(cursor.after)
    }

    private static func limit(reading text: String) -> Int? {
        guard !text.isEmpty, text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let limit = Int(text), limits.contains(limit)
        else { return nil }
        return limit
    }
}

/// A place in the list of users, in a form that invites nobody to compute with it.
struct UserCursor: Hashable, Sendable {
    /// Sixteen hexadecimal digits of which the first is at most 7: what Int64 can hold.
    static let pattern = "^u[0-7][0-9a-f]{15}$"
    static let example = UserCursor(after: 50).text

    /// The number of the last user of the page before; 0 before the first page.
    let after: Int64

    init(after: Int64) {
        self.after = after
    }

    init?(reading text: String) {
        let digits = text.utf8.dropFirst()
        guard text.utf8.first == UInt8(ascii: "u"), digits.count == 16,
            digits.allSatisfy({ ("0"..."9" ~= $0) || ("a"..."f" ~= $0) }),
            let after = Int64(Substring(digits), radix: 16)
        else { return nil }
        self.after = after
    }

    var text: String {
        let digits = String(after, radix: 16)
        return "u" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}

extension UInt8 {
    fileprivate static func ~= (range: ClosedRange<Unicode.Scalar>, byte: UInt8) -> Bool {
        range.contains(Unicode.Scalar(byte))
    }
}
