/// The large bodies that are arriving at one worker, and whether there is room for another: the
/// decision alone.
///
/// A body takes its room before it arrives, as much as it may need. The one that comes too late is
/// refused, so that those that are under way can end; waiting would only keep its first bytes.
struct LargeBodies {
    private let limit: Int
    private(set) var bytes = 0

    /// - Parameter longest: One body of this size always has room where there is no other.
    init(limit: Int, longest: Int) {
        self.limit = max(limit, longest)
    }

    /// Whether a connection may have `new` bytes in the place of its `old` ones.
    mutating func exchange(_ old: Int, for new: Int) -> Bool {
        guard new <= old || bytes - old + new <= limit else { return false }
        bytes += new - old
        return true
    }
}
