/// Transaction ids that were drawn ahead, and the users who have later entries already: such an
/// entry was written past the short way, by the locks, and what follows it needs a later id. Rounds
/// side by side may have users in common, so a later round has later ids.
struct DrawnIDs {
    /// Ascending, and later than `lastUsed`.
    private var ids: [Int64] = []
    private var lastUsed: Int64 = 0
    private var laterEntries: [UserID: Int64] = [:]

    var count: Int { ids.count }

    /// nil where fewer are left, or one of the users needs later ones: then none is left, or they
    /// would be in the way of that user for ever.
    mutating func take(_ count: Int, for requests: [WriteRequest]) -> [Int64]? {
        if !laterEntries.isEmpty,
            requests.contains(where: { laterEntries[$0.commands[0].user] != nil })
        {
            ids = []
            laterEntries = [:]
        }
        guard ids.count >= count else { return nil }
        let taken = Array(ids.prefix(count))
        use(taken)
        return taken
    }

    /// A round uses ids that were drawn for it alone, or taken from here.
    mutating func use(_ used: [Int64]) {
        lastUsed = max(lastUsed, used.last ?? 0)
        ids.removeFirst(ids.prefix { $0 <= lastUsed }.count)
    }

    /// Of rounds side by side the later one's may arrive first.
    mutating func add(_ more: [Int64]) {
        let usable = more.drop { $0 <= lastUsed }
        guard let next = usable.first else { return }
        let isLater = ids.last.map { $0 < next } ?? true
        ids += usable
        if !isLater { ids.sort() }
        guard !laterEntries.isEmpty, let first = ids.first else { return }
        laterEntries = laterEntries.filter { $0.value > first }
    }

    mutating func note(_ id: Int64, of user: UserID) {
        guard let first = ids.first, first < id else { return }
        laterEntries[user] = id
    }
}
