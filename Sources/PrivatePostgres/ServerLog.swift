import Glibc

/// The server's log from one moment on, for telling why a program ended.
struct ServerLog: Sendable {
    /// A log that has grown beyond this is set aside at the next start.
    static let largestSize = 8 << 20
    private static let linesShown = 12

    private let path: String
    private let start: Int

    /// What is logged from now on.
    init(of home: ClusterHome) throws(PrivateClusterError) {
        path = home.log
        if !Disk.exists(path) {
            _ = try DiskFile(path, O_WRONLY | O_CREAT)
            try home.adopt(path)
        }
        start = try DiskFile(path, O_RDONLY).size
    }

    static func setAsideIfLarge(of home: ClusterHome) throws(PrivateClusterError) {
        guard Disk.exists(home.log),
            try DiskFile(home.log, O_RDONLY).size > largestSize
        else { return }
        try Disk.move(home.log, to: home.log + ".1")
    }

    func lastLines() -> [String] {
        // The log explains another failure; that it cannot be read must not hide that one.
        guard let file = try? DiskFile(path, O_RDONLY),
            let bytes = try? file.read(from: max(start, file.size - 8192))
        else { return [] }
        return String(decoding: bytes, as: UTF8.self)
            .split(whereSeparator: \.isNewline).suffix(Self.linesShown).map(String.init)
    }

    func failure(of program: String, _ exit: ProgramExit) -> PrivateClusterError {
        .programFailed(program: program, exit: exit, lastLines: lastLines(), log: path)
    }
}
