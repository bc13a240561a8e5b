import Glibc

/// The right to start and stop the server of one home, held until the process ends, however it
/// ends.
final class ClusterLock: Sendable {
    private let file: DiskFile

    private init(_ file: DiskFile) { self.file = file }

    /// `nil`: another process holds it.
    static func acquire(for home: ClusterHome) throws(PrivateClusterError) -> ClusterLock? {
        let file = try DiskFile(home.lock, O_RDWR | O_CREAT)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw Disk.failure("flock", home.lock) }
            return nil
        }
        try home.adopt(home.lock)
        return ClusterLock(file)
    }
}
