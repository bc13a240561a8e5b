/// Whom a day's grant was to reach, and whom it did, among the next users in the order of their
/// ids.
package struct GrantCoverage: Hashable, Sendable {
    /// Users who were created before the day's moment. One who was deleted counts if the grant came
    /// before the deletion.
    package let eligible: Int64
    package let granted: Int64
    /// They got less than the amount, because their balance met the upper limit.
    package let capped: Int64
    /// `eligible` and neither granted nor capped.
    package let missing: [Int64]
    /// The last user who was looked at, where there may be more.
    package let next: Int64?
}
