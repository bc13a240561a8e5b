import Glibc

/// A program to run as a child that ends when we do.
///
/// `setpriv --pdeathsig` has the kernel send the child a signal when the *thread* that spawned it
/// ends; setpriv also takes off root's rights. Between the spawn and that call we might die unseen,
/// so a shell then compares its parent with us before it becomes the program.
package struct ChildCommand: Sendable {
    package enum Output: Sendable {
        case discarded
        /// Appended to the file.
        case file(String)
        /// Returned by `ChildProcess.output()`, or `errors()`.
        case captured
    }

    package var program: String
    package var arguments: [String]
    package var input: [UInt8] = []
    package var output: Output = .discarded
    /// Where standard error goes; `nil`: where the output goes.
    package var errors: Output?
    /// Added to a bare environment: nothing of ours (PGDATA, PGOPTIONS) may steer the server.
    package var environment: [String: String] = [:]
    package var workingDirectory = "/"
    /// What the kernel sends the child when we are gone.
    package var deathSignal = "INT"
    /// The account to become; only root may name one.
    var account: Account?

    package init(_ program: String, _ arguments: [String]) {
        self.program = program
        self.arguments = arguments
    }

    private static let becomeProgram = """
        [ "$PPID" = "$1" ] || exit 125; umask 077; cd -- "$2" || exit \(folderIsClosed)
        shift 2; exec "$@"
        """

    /// The exit code of a command that could not enter its working directory.
    static let folderIsClosed: CInt = 124

    /// setpriv, its options, and the program with its arguments.
    func invocation(parent: pid_t) -> [String] {
        var words = ["setpriv", "--pdeathsig", deathSignal]
        if let account {
            words += ["--reuid", "\(account.user)", "--regid", "\(account.group)", "--init-groups"]
        }
        words += ["--", "/bin/sh", "-c", Self.becomeProgram, "sh", "\(parent)", workingDirectory]
        return words + [program] + arguments
    }

    /// LC_ALL=C makes messages English whatever the machine speaks; a relocated PostgreSQL needs
    /// the library path that found it.
    func environmentWords() -> [String] {
        var variables = ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"]
        if let path = getenv("LD_LIBRARY_PATH") {
            variables["LD_LIBRARY_PATH"] = String(cString: path)
        }
        variables.merge(environment) { _, new in new }
        return variables.map { "\($0.key)=\($0.value)" }.sorted()
    }
}
