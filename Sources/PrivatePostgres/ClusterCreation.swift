import Glibc

// Theory of operation.
//
// A new cluster grows in a folder of its own beside the final name: initdb, the configuration, the
// role and the database (made by PostgreSQL's single-user mode, so that no server has to run yet).
// Only then is it renamed, in one step. Whenever we are killed, there is either a whole cluster or
// none, and the next start removes what is unfinished.

/// Makes a cluster with a role `credits`, who is no superuser and owns the database `credits`: SQL
/// that reaches the service's connection gets at no file, no program and no other role.
struct ClusterCreation: Sendable {
    let home: ClusterHome
    let binaries: ServerBinaries
    let durable: Bool
    let maximumConnections: Int

    static let database = "credits"
    static let role = "credits"

    func run() async throws(PrivateClusterError) {
        let unfinished = try Disk.makeUniqueFolder(prefix: home.unfinishedPrefix)
        do {
            try home.adopt(unfinished)
            try await run(initdb(in: unfinished))
            try configure(unfinished)
            try await run(ownDatabase(in: unfinished))
            try Disk.move(unfinished, to: home.data)
        } catch {
            Disk.remove(unfinished)
            throw error
        }
    }

    /// What earlier starts that were killed have left.
    func removeLeftOvers() throws(PrivateClusterError) {
        for name in try Disk.names(in: home.folder) {
            let path = home.folder + "/" + name
            if path.hasPrefix(home.unfinishedPrefix) { Disk.remove(path) }
        }
    }

    private func initdb(in folder: String) -> ChildCommand {
        var arguments = [
            "--pgdata", folder, "--username", home.owner.name, "--encoding", "UTF8",
            "--locale", "C.UTF-8", "--data-checksums", "--no-instructions",
            "--auth-local", "peer", "--auth-host", "reject",
        ]
        if !durable { arguments.append("--no-sync") }
        return ChildCommand(binaries.initdb, arguments)
    }

    /// In single-user mode each line of the input is a command.
    private func ownDatabase(in folder: String) -> ChildCommand {
        var arguments = ["--single", "-D", folder, "-c", "exit_on_error=on"]
        if !durable { arguments += ["-c", "fsync=off"] }
        var command = ChildCommand(binaries.postgres, arguments + ["postgres"])
        command.input = Array(
            """
            CREATE ROLE \(Self.role) LOGIN
            CREATE DATABASE \(Self.database) OWNER \(Self.role)

            """.utf8)
        return command
    }

    private func run(_ command: ChildCommand) async throws(PrivateClusterError) {
        let log = try ServerLog(of: home)
        var command = command
        command.account = home.account
        command.output = .file(home.log)
        let exit = try await ChildProcess.run(command).exit
        guard exit == .code(0) else {
            throw log.failure(of: command.program, exit)
        }
    }

    private func configure(_ folder: String) throws(PrivateClusterError) {
        try Disk.write(configuration, to: folder + "/postgresql.conf", appending: true)
        try Disk.write(accessRules, to: folder + "/pg_hba.conf")
        try Disk.write(accountNames, to: folder + "/pg_ident.conf")
    }

    /// Yours to edit, this file too; where the socket is and what is listened on is given at start.
    private var configuration: String {
        """

        # ---- Credits ----
        max_connections = \(maximumConnections)
        timezone = 'UTC'
        log_timezone = 'UTC'
        lc_messages = 'C'
        wal_level = replica
        jit = off
        log_checkpoints = off

        """
    }

    /// Who can enter the socket's folder is `credits` by saying so, and superuser only by being the
    /// server's own user (or root).
    private var accessRules: String {
        """
        # TYPE  DATABASE  USER  METHOD
        local   all  \(Self.role)  trust
        local   all  "\(home.owner.name)"  peer map=owner

        """
    }

    private var accountNames: String {
        """
        # MAP  SYSTEM-USER  DATABASE-USER
        owner  "\(home.owner.name)"  "\(home.owner.name)"
        owner  root  "\(home.owner.name)"

        """
    }
}
