import HTTP
import Ledger

/// Which page of users is asked for.
struct UserPageRequest: RequestInput {
    static let limits = 1...200
    static let defaultLimit = 50

    let after: UserID?
    let limit: Int

    init(_ request: IncomingRequest) throws(Problem) {
        var query = QueryReader(request, ["limit", "cursor"])
        limit = query.limit(Self.limits, default: Self.defaultLimit)
        let cursor = query.value(
            "cursor", "cursor must be the next_cursor of an earlier answer, unchanged.",
            UserCursor.init(reading:))
        guard query.errors.isEmpty else { throw query.problem }
        after = cursor.flatMap { UserID($0.after) }
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
