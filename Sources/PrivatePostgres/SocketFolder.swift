import Glibc

/// The folder of the server's socket. Its mode, 0700, is what keeps others out: whoever can enter
/// it may be the role `credits` without a password.
enum SocketFolder {
    static let port = "5432"
    /// sun_path holds 108 bytes with the closing NUL (unix(7)); PostgreSQL refuses longer names.
    static let longestName = 107

    /// The folder inside the home, or, where its name is too long or has what lists of sockets are
    /// split at, a short one that is named after the home.
    static func choice(for home: ClusterHome) -> String {
        isUsable(home.socket) ? home.socket : substitute(for: home)
    }

    static func make(_ folder: String, for home: ClusterHome) throws(PrivateClusterError) {
        precondition(isUsable(folder))
        if try Disk.entry(at: folder) == nil {
            try Disk.makeFolder(folder, mode: 0o700)
            try home.adopt(folder)
        }
        // In /tmp anybody may have been there first.
        guard let entry = try Disk.entry(at: folder), entry.isFolder,
            entry.owner == home.owner.user, chmod(folder, 0o700) == 0
        else { throw .unsafeSocketFolder(path: folder) }
    }

    /// A substitute goes with the server; the folder inside the home stays.
    static func remove(_ folder: String, of home: ClusterHome) {
        if folder != home.socket { rmdir(folder) }
    }

    static func isUsable(_ folder: String) -> Bool {
        let name = folder + "/.s.PGSQL." + port
        return name.utf8.count <= longestName && !folder.contains { ",\"'\\".contains($0) }
    }

    static func substitute(
        for home: ClusterHome, runtimeFolder: String? = environmentFolder()
    ) -> String {
        let name = "/credits-" + ShortName.of(home.folder)
        if let runtimeFolder, home.account == nil, isUsable(runtimeFolder + name) {
            return runtimeFolder + name
        }
        return "/tmp" + name
    }

    /// XDG_RUNTIME_DIR, where it is what it should be: a folder of ours.
    private static func environmentFolder() -> String? {
        guard let value = getenv("XDG_RUNTIME_DIR") else { return nil }
        let folder = String(cString: value)
        // A folder that cannot be looked at is one that cannot be used.
        guard folder.hasPrefix("/"), let entry = try? Disk.entry(at: folder),
            entry.isFolder, entry.owner == geteuid()
        else { return nil }
        return folder
    }
}
