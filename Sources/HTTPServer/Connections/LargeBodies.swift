import Synchronization

/// The large bodies that are arriving at a server, and whether there is room for another.
///
/// A body takes its room before it arrives, as much as it may need. The one that comes too late is
/// refused, so that those that are under way can end; waiting would only keep its first bytes. One
/// address has a part of the room, or who sends slowly would have all of it for little.
final class LargeBodies: Sendable {
    private struct Taken {
        var bytes = 0
        var byAddress: [AddressKey: Int] = [:]
    }

    private let limit: Int
    private let limitPerAddress: Int
    private let taken = Mutex(Taken())

    /// - Parameter longest: One body of this size always has room where there is no other.
    init(limit: Int, longest: Int) {
        self.limit = max(limit, longest)
        limitPerAddress = max(limit / 4, longest)
    }

    /// Whether a connection may have `new` bytes in the place of its `old` ones.
    func exchange(_ old: Int, for new: Int, from address: AddressKey) -> Bool {
        taken.withLock { taken in
            let others = taken.byAddress[address, default: 0] - old
            guard
                new <= old
                    || taken.bytes - old + new <= limit && others + new <= limitPerAddress
            else { return false }
            taken.bytes += new - old
            taken.byAddress[address] = others + new == 0 ? nil : others + new
            return true
        }
    }
}
