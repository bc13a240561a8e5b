import Glibc

/// A user of the machine: who a server runs as, and the name its administrator has in the database.
struct Account: Hashable, Sendable {
    let name: String
    let user: uid_t
    let group: gid_t

    static var current: Account {
        Account(user: geteuid())
            ?? Account(name: "\(geteuid())", user: geteuid(), group: getegid())
    }

    var isRoot: Bool { user == 0 }

    init?(user: uid_t) {
        self.init { entry, buffer, length, found in
            getpwuid_r(user, entry, buffer, length, found)
        }
    }

    init?(name: String) {
        self.init { entry, buffer, length, found in
            getpwnam_r(name, entry, buffer, length, found)
        }
    }

    private init(name: String, user: uid_t, group: gid_t) {
        self.name = name
        self.user = user
        self.group = group
    }

    private typealias Lookup = (
        UnsafeMutablePointer<passwd>, UnsafeMutablePointer<CChar>, Int,
        UnsafeMutablePointer<UnsafeMutablePointer<passwd>?>
    ) -> CInt

    /// The entry's strings live in the buffer; 16 KiB is beyond any account's.
    private init?(_ lookup: Lookup) {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        let name: String? = buffer.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress,
                lookup(&entry, base, buffer.count, &found) == 0, found != nil,
                let name = entry.pw_name
            else { return nil }
            return String(cString: name)
        }
        guard let name else { return nil }
        self.init(name: name, user: entry.pw_uid, group: entry.pw_gid)
    }
}
