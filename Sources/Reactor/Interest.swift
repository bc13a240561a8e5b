import CLinux

/// What a registration wants to be told of. Level-triggered: told again for as long as it holds.
package struct Interest: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let read = Interest(rawValue: 1)
    package static let write = Interest(rawValue: 2)

    /// The event mask of epoll_ctl(2).
    var mask: UInt32 {
        var mask: UInt32 = 0
        if contains(.read) { mask |= EPOLLIN.rawValue }
        if contains(.write) { mask |= EPOLLOUT.rawValue }
        return mask
    }
}

/// What epoll found on a descriptor. `hangUp` and `failed` come unasked; reading or writing then
/// tells what happened, so a handler may treat both as "try".
package struct Readiness: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let readable = Readiness(rawValue: 1)
    package static let writable = Readiness(rawValue: 2)
    package static let hangUp = Readiness(rawValue: 4)
    package static let failed = Readiness(rawValue: 8)

    init(mask: UInt32) {
        self = []
        if mask & EPOLLIN.rawValue != 0 { insert(.readable) }
        if mask & EPOLLOUT.rawValue != 0 { insert(.writable) }
        if mask & EPOLLHUP.rawValue != 0 { insert(.hangUp) }
        if mask & EPOLLERR.rawValue != 0 { insert(.failed) }
    }
}
