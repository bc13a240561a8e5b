import FoundationEssentials
import Glibc

/// The file system's calls that a cluster needs, each throwing the call, the path and errno.
enum Disk {
    struct Entry: Hashable {
        let isFolder: Bool
        let isLink: Bool
        let owner: uid_t
        let permissions: mode_t
    }

    /// What stands at the path, itself (a link is not followed); `nil`: nothing.
    static func entry(at path: String) throws(PrivateClusterError) -> Entry? {
        var facts = stat()
        guard lstat(path, &facts) != 0 else {
            let kind = facts.st_mode & S_IFMT
            return Entry(
                isFolder: kind == S_IFDIR, isLink: kind == S_IFLNK, owner: facts.st_uid,
                permissions: facts.st_mode & 0o7777)
        }
        guard errno == ENOENT || errno == ENOTDIR else { throw failure("stat", path) }
        return nil
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isExecutable(_ path: String) -> Bool { access(path, X_OK) == 0 }

    /// The names in a folder, without `.` and `..`, sorted.
    static func names(in folder: String) throws(PrivateClusterError) -> [String] {
        guard let stream = opendir(folder) else { throw failure("open", folder) }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Makes the folder and those above it; those above get the usual mode, the last one `mode`.
    static func makeFolder(_ path: String, mode: mode_t) throws(PrivateClusterError) {
        let above = parent(of: path)
        if !exists(above) { try makeFolder(above, mode: 0o755) }
        guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("mkdir", path) }
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// A new folder of mode 0700 whose name begins with `prefix`.
    static func makeUniqueFolder(prefix: String) throws(PrivateClusterError) -> String {
        var template = Array((prefix + "XXXXXX").utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else { throw failure("mkdtemp", prefix) }
        return made
    }

    /// Removes whatever stands at the path, with all below it. Left-overs are tried again at the
    /// next start, so a failure is no error.
    static func remove(_ path: String) {
        _ = try? FileManager.default.removeItem(atPath: path)
    }

    static func give(_ path: String, to account: Account) throws(PrivateClusterError) {
        guard lchown(path, account.user, account.group) == 0 else { throw failure("chown", path) }
    }

    /// The path without links; `nil` when nothing is there.
    static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    static func target(ofLink path: String) throws(PrivateClusterError) -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = buffer.withUnsafeMutableBytes { bytes in
            guard let base = bytes.baseAddress else { return -1 }
            return readlink(path, base.assumingMemoryBound(to: CChar.self), bytes.count)
        }
        guard length >= 0 else { throw failure("readlink", path) }
        return String(decoding: buffer[..<length], as: UTF8.self)
    }

    static func failure(_ call: String, _ path: String) -> PrivateClusterError {
        .system(call: call, path: path, code: errno)
    }
}
