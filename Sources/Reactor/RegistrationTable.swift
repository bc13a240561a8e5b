/// The registrations of a loop by descriptor, and the decision whether an event still has an owner.
struct RegistrationTable {
    private var owners: [Registration?] = []
    private var generation: UInt32 = 0

    /// A token never given out before (the generations wrap after 2^32 registrations, while an
    /// event can be stale only within the one round that fetched it).
    mutating func nextToken(for descriptor: CInt) -> UInt64 {
        generation = generation == .max ? 1 : generation + 1
        return UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }

    /// Makes `registration` the owner of its descriptor. An earlier owner is one whose descriptor
    /// was closed behind its back, as libpq does when it loses a connection.
    mutating func insert(_ registration: Registration) {
        let index = Int(registration.descriptor)
        if index >= owners.count {
            owners.append(contentsOf: repeatElement(nil, count: index + 1 - owners.count))
        }
        owners[index] = registration
    }

    func isOwner(_ registration: Registration) -> Bool {
        owners[Int(registration.descriptor)] === registration
    }

    mutating func remove(_ registration: Registration) {
        owners[Int(registration.descriptor)] = nil
    }

    /// The registration that an event with this token is for; nil when the event is stale.
    func owner(of token: UInt64) -> Registration? {
        let index = Int(UInt32(truncatingIfNeeded: token))
        guard index < owners.count, let owner = owners[index], owner.token == token else {
            return nil
        }
        return owner
    }

    mutating func removeAll() -> [Registration] {
        let registrations = owners.compactMap(\.self)
        owners = []
        return registrations
    }
}
