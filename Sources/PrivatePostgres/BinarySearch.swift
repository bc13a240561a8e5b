import Glibc

/// The folder with PostgreSQL's programs, and their major version.
struct ServerBinaries: Hashable, Sendable {
    let folder: String
    let major: Int

    var initdb: String { folder + "/initdb" }
    var postgres: String { folder + "/postgres" }
}

/// Where the programs of PostgreSQL may be, in the order of preference: Debian's folder, one a
/// major version (the major of the data, else the highest); what pg_config names; the PATH.
package struct BinarySearch: Sendable {
    package var debianRoot: String
    package var searchPath: [String]

    package init(debianRoot: String = "/usr/lib/postgresql", searchPath: [String]? = nil) {
        self.debianRoot = debianRoot
        self.searchPath = searchPath ?? Self.environmentPath()
    }

    /// The binaries for a data folder made by `version` (its PG_VERSION), or for a new one.
    func binaries(
        for version: String?, in folder: String
    ) async throws(PrivateClusterError) -> ServerBinaries {
        var found = debianBinaries()
        let needed = version.flatMap { Int($0) }
        let fits = { (binaries: ServerBinaries) in version == nil || binaries.major == needed }
        if let first = found.first(where: fits) { return first }
        for candidate in try await configuredFolder() + searchPath {
            guard let other = try await binaries(at: candidate) else { continue }
            if fits(other) { return other }
            found.append(other)
        }
        guard let version, !found.isEmpty else {
            throw .notInstalled(searched: ["\(debianRoot)/*/bin", "pg_config --bindir", "PATH"])
        }
        let majors = Set(found.map(\.major)).sorted(by: >)
        throw .otherMajorVersion(folder: folder, made: version, installed: majors)
    }

    /// Debian's majors, the highest first.
    private func debianBinaries() -> [ServerBinaries] {
        // No such folder: nothing of Debian's is installed, and the search goes on.
        let names = (try? Disk.names(in: debianRoot)) ?? []
        return names.compactMap { Int($0) }.sorted(by: >)
            .map { ServerBinaries(folder: "\(debianRoot)/\($0)/bin", major: $0) }
            .filter(Self.isComplete)
    }

    private func configuredFolder() async throws(PrivateClusterError) -> [String] {
        let paths = searchPath.map { $0 + "/pg_config" }
        guard let program = paths.first(where: Disk.isExecutable) else { return [] }
        var command = ChildCommand(program, ["--bindir"])
        command.output = .captured
        let (exit, output) = try await ChildProcess.run(command)
        return exit == .code(0) ? output.split(whereSeparator: \.isNewline).map(String.init) : []
    }

    /// The major is asked of the program: `postgres (PostgreSQL) 18.1 (...)`, `... 19beta1`.
    private func binaries(at folder: String) async throws(PrivateClusterError) -> ServerBinaries? {
        guard Self.isComplete(ServerBinaries(folder: folder, major: 0)) else { return nil }
        var command = ChildCommand(folder + "/postgres", ["--version"])
        command.output = .captured
        let (exit, output) = try await ChildProcess.run(command)
        let words = output.split(whereSeparator: \.isWhitespace)
        guard exit == .code(0), words.count >= 3,
            let major = Int(words[2].prefix(while: \.isWholeNumber))
        else { return nil }
        return ServerBinaries(folder: folder, major: major)
    }

    private static func isComplete(_ binaries: ServerBinaries) -> Bool {
        Disk.isExecutable(binaries.initdb) && Disk.isExecutable(binaries.postgres)
    }

    private static func environmentPath() -> [String] {
        guard let path = getenv("PATH") else { return [] }
        return String(cString: path).split(separator: ":").map(String.init)
            .filter { $0.hasPrefix("/") }
    }
}
