/// Who waits for a connection: first come, first served, and those who give way behind all others.
struct WaitingLine {
    typealias BorrowerID = PoolState.BorrowerID

    private var first: [BorrowerID] = []
    private var givingWay: [BorrowerID] = []

    var count: Int { first.count + givingWay.count }

    mutating func append(_ borrower: BorrowerID, givingWay yields: Bool) {
        if yields { givingWay.append(borrower) } else { first.append(borrower) }
    }

    mutating func popFirst() -> BorrowerID? {
        if !first.isEmpty { return first.removeFirst() }
        return givingWay.isEmpty ? nil : givingWay.removeFirst()
    }

    /// False when the borrower did not wait.
    mutating func remove(_ borrower: BorrowerID) -> Bool {
        if let index = first.firstIndex(of: borrower) {
            first.remove(at: index)
        } else if let index = givingWay.firstIndex(of: borrower) {
            givingWay.remove(at: index)
        } else {
            return false
        }
        return true
    }

    /// All who waited.
    mutating func removeAll() -> [BorrowerID] {
        defer { self = WaitingLine() }
        return first + givingWay
    }
}
