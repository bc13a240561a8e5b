/// Who may come in: the decision alone.
///
/// Over a limit a client gets 503 and is closed, instead of waiting unaccepted: it learns at once
/// what to do, monitoring sees it, and a limit per address could not be kept without accepting.
struct Admission {
    /// What a connection holds while it is open, and gives back at its end.
    enum Ticket: Hashable, Sendable {
        case admitted(AddressKey)
        case refused
    }

    private let limits: ServerLimits
    private var admitted = 0
    private var refused = 0
    private var admittedByAddress: [AddressKey: Int] = [:]

    init(limits: ServerLimits) {
        self.limits = limits
    }

    /// What a client from this address gets; nil: close it without a word.
    mutating func arrived(from address: AddressKey) -> Ticket? {
        let sameAddress = admittedByAddress[address, default: 0]
        if admitted < limits.connections, sameAddress < limits.connectionsPerAddress {
            admitted += 1
            admittedByAddress[address] = sameAddress + 1
            return .admitted(address)
        }
        guard refused < limits.refusals else { return nil }
        refused += 1
        return .refused
    }

    mutating func left(_ ticket: Ticket) {
        switch ticket {
        case .refused: refused -= 1
        case .admitted(let address):
            admitted -= 1
            let others = admittedByAddress[address, default: 0] - 1
            precondition(others >= 0, "more connections left than came")
            admittedByAddress[address] = others == 0 ? nil : others
        }
    }
}

/// What counts as one address: an IPv4 address, or the /64 of an IPv6 one, since whoever has one
/// address of a /64 has them all.
struct AddressKey: Hashable, Sendable {
    private let prefix: [UInt8]

    /// `host`: 4 or 16 bytes in network order.
    init(host: [UInt8]) {
        prefix = Array(host.prefix(8))
    }
}

/// When refusals are told of: at most once a second, or a flood of clients would be one of lines.
struct RefusalCount {
    private var untold = 0
    private var nextLine: ContinuousClock.Instant?

    /// How many to tell of now, this one included; nil: none yet.
    mutating func refused(at now: ContinuousClock.Instant) -> Int? {
        untold += 1
        if let nextLine, now < nextLine { return nil }
        defer { untold = 0 }
        nextLine = now + .seconds(1)
        return untold
    }
}
