import Glibc

/// Why there is no private PostgreSQL; each case prints as the fact and what to do about it.
package enum PrivateClusterError: Error, Equatable, Sendable {
    /// Neither initdb nor postgres stands in any of the places searched.
    case notInstalled(searched: [String])
    /// The folder was made by a major version that is not installed.
    case otherMajorVersion(folder: String, made: String, installed: [Int])
    /// The folder holds something that is no cluster of ours.
    case notOurFolder(folder: String, found: String)
    /// Root may not run PostgreSQL, and there is no account to run it as.
    case noAccount
    /// Root runs PostgreSQL as `account`, which may not enter `closed`, at or above `folder`.
    case unreachable(folder: String, closed: String, account: String)
    /// Somebody else owns, or may enter, the folder that the socket would be in.
    case unsafeSocketFolder(path: String)
    /// Another server, not started by Credits, runs on this folder and does not stop.
    case inUse(folder: String, process: Int32)
    /// A program of PostgreSQL ended when it should not; `lastLines` are the end of its log.
    case programFailed(program: String, exit: ProgramExit, lastLines: [String], log: String)
    /// The machine refused a system call.
    case system(call: String, path: String, code: CInt)
    /// The task that was starting the cluster was cancelled.
    case cancelled
}

extension PrivateClusterError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .notInstalled(let searched):
            "PostgreSQL is not installed (looked in \(searched.joined(separator: ", "))). "
                + "Install it with:\n  apt-get update\n  apt-get install --yes postgresql\n"
                + "or set DATABASE_URL to use a database that runs elsewhere."
        case .otherMajorVersion(let folder, let made, let installed):
            "\(folder) was made by PostgreSQL \(made), and installed is \(Self.list(installed)). "
                + "Nothing was changed. Install PostgreSQL \(made) (apt-get install "
                + "--yes postgresql-\(made)), or dump with it and restore into a new folder, "
                + "or start with an empty one (DATA_DIR)."
        case .notOurFolder(let folder, let found):
            "\(folder) holds \(found), which Credits did not make. Nothing was changed. "
                + "Choose another folder (DATA_DIR), or set DATABASE_URL to the server it is of."
        case .noAccount:
            "PostgreSQL does not run as root, and there is no account named postgres. "
                + "Start Credits as an ordinary user, or install PostgreSQL:\n"
                + "  apt-get update\n  apt-get install --yes postgresql"
        case .unreachable(let folder, let closed, let account):
            "PostgreSQL does not run as root; it would run as \(account), which may not enter "
                + "\(closed), so it cannot keep its data in \(folder). Choose a folder that "
                + "\(account) can reach (DATA_DIR=/var/lib/credits), or start Credits as an "
                + "ordinary user."
        case .unsafeSocketFolder(let path):
            "\(path), where the database's socket would be, belongs to somebody else or is open "
                + "to others. Remove it, or choose another folder (DATA_DIR)."
        case .inUse(let folder, let process):
            "Another PostgreSQL (process \(process)) runs on \(folder) and was not started by "
                + "Credits. Stop it (kill -INT \(process)), or choose another folder (DATA_DIR)."
        case .programFailed(let program, let exit, let lastLines, let log):
            "\(program) \(exit). The last lines of \(log):\n"
                + lastLines.map { "  \($0)\n" }.joined()
                + "Mend what they name, and start again; the data are as they were."
        case .system(let call, let path, let code):
            "\(call) \(path): \(String(cString: strerror(code))). "
                + "Check the folder's owner, mode and free space."
        case .cancelled:
            "The start of PostgreSQL was cancelled."
        }
    }

    private static func list(_ majors: [Int]) -> String {
        majors.isEmpty ? "none" : majors.map(String.init).joined(separator: ", ")
    }
}

/// How a process ended.
package enum ProgramExit: Hashable, Sendable, CustomStringConvertible {
    case code(CInt)
    case signal(CInt)

    package var description: String {
        switch self {
        case .code(let code): "ended with exit code \(code)"
        case .signal(let signal): "was ended by signal \(signal)"
        }
    }
}
