import Glibc

/// One open file, closed with its last reference and never inherited by a child.
final class DiskFile: Sendable {
    let descriptor: CInt
    let path: String

    init(_ path: String, _ flags: CInt, mode: mode_t = 0o600) throws(PrivateClusterError) {
        descriptor = open(path, flags | O_CLOEXEC, mode)
        self.path = path
        guard descriptor >= 0 else { throw Disk.failure("open", path) }
    }

    /// A file without a name, for a child's input or output: no pipe, whose other end a process
    /// spawned at the same moment might inherit and hold open.
    convenience init(anonymousWith contents: [UInt8]) throws(PrivateClusterError) {
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        try self.init("/tmp/credits-\(getpid())-\(name)", O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW)
        unlink(path)
        try write(contents)
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    var size: Int {
        var facts = stat()
        return fstat(descriptor, &facts) == 0 ? Int(facts.st_size) : 0
    }

    func write(_ bytes: [UInt8]) throws(PrivateClusterError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Disk.failure("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    /// The bytes from `offset` on, `limit` at most.
    func read(from offset: Int = 0, limit: Int = 65_536) throws(PrivateClusterError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < limit {
            let wanted = min(buffer.count, limit - bytes.count)
            let count = buffer.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress, wanted, off_t(offset + bytes.count))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw Disk.failure("read", path) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }

    func synchronize() throws(PrivateClusterError) {
        guard fsync(descriptor) == 0 else { throw Disk.failure("fsync", path) }
    }
}

extension Disk {
    /// A small text file's contents; `nil` when there is none.
    static func text(of path: String) throws(PrivateClusterError) -> String? {
        do {
            return String(decoding: try DiskFile(path, O_RDONLY).read(), as: UTF8.self)
        } catch .system(_, _, ENOENT) {
            return nil
        }
    }

    /// Writes the text to a file that is there already or not, and to the disk.
    static func write(
        _ text: String, to path: String, appending: Bool = false
    ) throws(PrivateClusterError) {
        let file = try DiskFile(
            path, O_WRONLY | O_CREAT | (appending ? O_APPEND : O_TRUNC))
        try file.write(Array(text.utf8))
        try file.synchronize()
    }

    /// Renames, and makes the new name durable.
    static func move(_ path: String, to destination: String) throws(PrivateClusterError) {
        guard rename(path, destination) == 0 else { throw failure("rename", path) }
        try DiskFile(parent(of: destination), O_RDONLY | O_DIRECTORY).synchronize()
    }
}
