import Glibc

/// `postmaster.pid`: which process runs, or ran, on a data directory, and where its socket is
/// (PostgreSQL, "Database File Layout").
struct PostmasterFile: Sendable {
    let process: pid_t
    let socketFolder: String?
    let port: String
    private let path: String
    private let lines: [Substring]

    /// `nil`: there is no such file, so no server ran here or the last one ended as it should.
    init?(of home: ClusterHome) throws(PrivateClusterError) {
        path = home.data + "/postmaster.pid"
        guard let text = try Disk.text(of: path) else { return nil }
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let process = pid_t(first), process != 0 else { return nil }
        self.process = abs(process)
        port = lines.count > 3 ? String(lines[3]) : SocketFolder.port
        socketFolder = lines.count > 4 && !lines[4].isEmpty ? String(lines[4]) : nil
    }

    /// The process lives, is PostgreSQL, and works in this folder. A zombie does not live, though
    /// the kernel still answers for it (where process 1 does not reap), and in a container the
    /// number may be another process's by now.
    func isAlive(in home: ClusterHome) -> Bool {
        // Unreadable or gone, both mean that the process has ended.
        guard let status = try? Disk.text(of: "/proc/\(process)/stat"),
            let nameEnd = status.lastIndex(of: ")"),
            let nameStart = status.firstIndex(of: "(")
        else { return false }
        let state = status[nameEnd...].dropFirst(2).first
        guard status[nameStart..<nameEnd].dropFirst() == "postgres", state != "Z", state != "X"
        else { return false }
        let folder = Disk.resolved("/proc/\(process)/cwd")
        return folder == nil || folder == home.data
    }

    /// Takes the dead process's number out of PostgreSQL's way. Ours stands in for it: a postmaster
    /// ignores its parent's number, and still looks for the old server's children by the shared
    /// memory that the file names, which it could not if the file were removed.
    func replaceProcess(with parent: pid_t) throws(PrivateClusterError) {
        let rest = lines.dropFirst().joined(separator: "\n")
        try Disk.write("\(parent)\n\(rest)", to: path)
    }
}
