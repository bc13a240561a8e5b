import Dispatch

/// The large bodies that are arriving at a server, and whether there is room for another.
///
/// A body takes its room before it arrives, as much as it may need. The one that comes too late is
/// refused, so that those that are under way can end; waiting would only keep its first bytes. One
/// address has a part of the room, or who sends slowly would have all of it for little.
final class LargeBodies: @unchecked Sendable {
    private struct Taken {
        var bytes = 0
        var byAddress: [AddressKey: Int] = [:]
    }

    private let limit: Int
    private let limitPerAddress: Int
    // Sound because `taken` is touched by who holds the semaphore alone.
    private let lock = DispatchSemaphore(value: 1)
    private var taken = Taken()

    /// - Parameter longest: One body of this size always has room where there is no other.
    init(limit: Int, longest: Int) {
        self.limit = max(limit, longest)
        limitPerAddress = max(limit / 4, longest)
    }

    /// Whether a connection may have `new` bytes in the place of its `old` ones.
    func exchange(_ old: Int, for new: Int, from address: AddressKey) -> Bool {
        lock.wait()
        defer { lock.signal() }
        let ofAddress = taken.byAddress[address, default: 0] - old + new
        let inAll = taken.bytes - old + new
        guard new <= old || inAll <= limit && ofAddress <= limitPerAddress else { return false }
        taken.bytes = inAll
        taken.byAddress[address] = ofAddress == 0 ? nil : ofAddress
        return true
    }
}
