/// A user's number, as PostgreSQL's `users.user_id` holds it: 1 or more.
package struct UserID: Hashable, Comparable, Sendable {
    package let rawValue: Int64

    package init?(_ rawValue: Int64) {
        guard rawValue > 0 else { return nil }
        self.rawValue = rawValue
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
