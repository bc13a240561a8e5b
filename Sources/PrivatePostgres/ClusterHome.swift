import Glibc

/// The folder that holds everything of one cluster, and the account that its server runs as.
struct ClusterHome: Sendable {
    /// Absolute and without links: two names of one folder are one home.
    let folder: String
    /// Whom root becomes to run PostgreSQL; `nil` when we are no root and run it ourselves.
    let account: Account?

    var data: String { folder + "/cluster" }
    var lock: String { folder + "/lock" }
    var log: String { folder + "/postgres.log" }
    var socket: String { folder + "/socket" }
    /// A cluster in the making has a name of this kind until it is complete.
    var unfinishedPrefix: String { folder + "/initializing-" }

    /// The server's user, which is also the name of the database's superuser.
    var owner: Account { account ?? .current }

    /// A new file or folder of ours, handed to the server's user.
    func adopt(_ path: String) throws(PrivateClusterError) {
        if let account { try Disk.give(path, to: account) }
    }

    /// PG_VERSION of the cluster; `nil`: there is no cluster yet.
    func madeByVersion() throws(PrivateClusterError) -> String? {
        if Disk.exists(folder + "/PG_VERSION") {
            throw .notOurFolder(folder: folder, found: "a PostgreSQL data directory")
        }
        guard Disk.exists(data) else { return nil }
        guard let version = try Disk.text(of: data + "/PG_VERSION") else {
            throw .notOurFolder(folder: data, found: "no PG_VERSION")
        }
        return String(version.prefix { !$0.isWhitespace })
    }
}

// MARK: - Finding the place

extension ClusterHome {
    /// Makes the folder where it is missing, and finds whom the server runs as. Root's default
    /// folder moves below /var/lib/credits where the server's user could not reach it.
    static func prepare(
        _ settings: PrivateClusterSettings, progress: @Sendable (String) -> Void
    ) async throws(PrivateClusterError) -> ClusterHome {
        let asked = try followed(settings.dataDirectory)
        try Disk.makeFolder(asked, mode: 0o700)
        guard let folder = Disk.resolved(asked) else { throw Disk.failure("realpath", asked) }
        guard Account.current.isRoot else { return ClusterHome(folder: folder, account: nil) }

        let home = ClusterHome(folder: folder, account: try account(for: folder))
        if try home.isUntouched() { try home.adopt(folder) }
        guard let closed = try await home.firstClosedFolder() else { return home }
        guard settings.isDefaultLocation, rmdir(folder) == 0 else {
            throw .unreachable(folder: folder, closed: closed, account: home.owner.name)
        }
        return try await home.moved(linkedFrom: folder, progress: progress)
    }

    /// The path, or what it links to when that is gone or not made yet.
    private static func followed(_ path: String) throws(PrivateClusterError) -> String {
        guard try Disk.entry(at: path)?.isLink == true, !Disk.exists(path) else { return path }
        let target = try Disk.target(ofLink: path)
        return target.hasPrefix("/") ? target : Disk.parent(of: path) + "/" + target
    }

    /// The data's owner, else the folder's, else Debian's `postgres`; never root.
    private static func account(for folder: String) throws(PrivateClusterError) -> Account {
        for path in [folder + "/cluster", folder] {
            guard let entry = try Disk.entry(at: path), entry.owner != 0 else { continue }
            if let account = Account(user: entry.owner) { return account }
        }
        guard let account = Account(name: "postgres") else { throw .noAccount }
        return account
    }

    /// Root's own empty folder may change hands; one with foreign contents may not.
    private func isUntouched() throws(PrivateClusterError) -> Bool {
        guard try Disk.entry(at: folder)?.owner == 0 else { return false }
        return try Disk.names(in: folder).isEmpty
    }

    /// The first folder on the way that the server's user may not enter. The kernel is asked, as
    /// that user, so that ACLs and mounts count too.
    private func firstClosedFolder() async throws(PrivateClusterError) -> String? {
        var ancestors = [folder]
        while let last = ancestors.last, last != "/" { ancestors.append(Disk.parent(of: last)) }
        if try await isEnterable(folder) { return nil }
        for ancestor in ancestors.reversed() where try await !isEnterable(ancestor) {
            return ancestor
        }
        return nil
    }

    private func isEnterable(_ path: String) async throws(PrivateClusterError) -> Bool {
        var command = ChildCommand("/bin/true", [])
        command.account = account
        command.workingDirectory = path
        command.output = .captured
        let (exit, output) = try await ChildProcess.run(command)
        guard exit == .code(0) || exit == .code(ChildCommand.folderIsClosed) else {
            let lines = output.split(whereSeparator: \.isNewline).map(String.init)
            throw .programFailed(
                program: "setpriv", exit: exit, lastLines: lines, log: "its output")
        }
        return exit == .code(0)
    }

    /// The same home below /var/lib/credits, named after the path it stands in for.
    private func moved(
        linkedFrom link: String, progress: @Sendable (String) -> Void
    ) async throws(PrivateClusterError) -> ClusterHome {
        let base = "/var/lib/credits"
        let home = ClusterHome(folder: "\(base)/\(ShortName.of(link))", account: account)
        if !Disk.exists(base) {
            try Disk.makeFolder(base, mode: 0o755)
            chmod(base, 0o755)  // whatever our umask is
        }
        try Disk.makeFolder(home.folder, mode: 0o700)
        if try home.isUntouched() { try home.adopt(home.folder) }
        if let closed = try await home.firstClosedFolder() {
            throw .unreachable(folder: home.folder, closed: closed, account: home.owner.name)
        }
        guard symlink(home.folder, link) == 0 else { throw Disk.failure("symlink", link) }
        progress(
            "\(home.owner.name), who runs PostgreSQL for root, cannot enter \(link): "
                + "the data are in \(home.folder), and \(link) links there")
        return home
    }
}

/// A path's stand-in where a long or unreachable one will not do: FNV-1a, 64 bits, in hexadecimal.
enum ShortName {
    static func of(_ path: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in path.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
