import Glibc

/// Where a private PostgreSQL lives, and how careful it is.
package struct PrivateClusterSettings: Sendable {
    /// An absolute path; made when missing. It holds the data, the log, the lock and the socket.
    package var dataDirectory: String
    /// Nobody chose `dataDirectory`: where root cannot use it (a clone below /root, which the
    /// server's user may not enter), another place is taken and linked to. A chosen one is never
    /// moved.
    package var isDefaultLocation: Bool
    /// `false` turns off every fsync: for throw-away clusters only.
    package var durable: Bool
    /// PostgreSQL's max_connections, written once, when the cluster is made.
    package var maximumConnections: Int
    /// How long a fast shutdown may take before the server is told to drop everything (it then
    /// recovers from its log at the next start).
    package var stopDeadline: Duration
    /// Where the programs of PostgreSQL are looked for.
    package var binaries: BinarySearch

    package init(
        dataDirectory: String,
        isDefaultLocation: Bool = false,
        durable: Bool = true,
        maximumConnections: Int = 100,
        stopDeadline: Duration = .seconds(30),
        binaries: BinarySearch = BinarySearch()
    ) {
        precondition(dataDirectory.hasPrefix("/"), "the data directory must be an absolute path")
        precondition(!dataDirectory.utf8.contains(0), "a path holds no NUL")
        self.dataDirectory = dataDirectory
        self.isDefaultLocation = isDefaultLocation
        self.durable = durable
        self.maximumConnections = maximumConnections
        self.stopDeadline = stopDeadline
        self.binaries = binaries
    }
    /// Whether there is a cluster already, which the next start would use.
    package var isMade: Bool { access(dataDirectory + "/cluster", F_OK) == 0 }
}
